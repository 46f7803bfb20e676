import type { TSchema } from 'typebox';
import { schemaCheck } from '../manifest/schema-check.js';
import { validateObject } from '../manifest/validate.js';
import type { KindNames } from '../model/kinds.js';
import type { ApiObject, DraftOf, Writer } from './definition.js';

/** A writer that takes what the schema of a kind allows, and refuses no deletion. */
export function schemaWriter<T extends ApiObject>(names: KindNames, schema: TSchema): Writer<T> {
  const checks = { names, schema: schemaCheck(schema), rules: () => [] };
  return {
    draft(input, _current, unknownFields) {
      const { manifest, warnings } = validateObject(input, checks, { unknownFields });
      return { draft: manifest as DraftOf<T>, warnings };
    },
    refuseDeletion: () => undefined,
  };
}
