import Type from 'typebox';
import type { TSchema } from 'typebox';

/** An object that knows all its fields: an unknown one is an error, never ignored. */
export const closed = <P extends Record<string, TSchema>>(
  properties: P,
  options: Type.TObjectOptions = {},
) => Type.Object(properties, { ...options, additionalProperties: false });
