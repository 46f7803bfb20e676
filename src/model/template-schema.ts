import type { TSchema } from 'typebox';

/** A JSON schema as plain data. */
type Json = TSchema & Readonly<Record<string, unknown>>;

/** Longest text of a template; what it becomes is checked as that of a module. */
const MAX_TEXT = 32768;

/**
 * The schema of a template for values of a schema: the same fields, in which each text, number and
 * switch may be a text with placeholders. What has a default may be left out, and no default is
 * filled in: limits and defaults are for what becomes of the template.
 */
export function templateSchema(schema: TSchema): TSchema {
  return templated(schema as Json);
}

function templated(schema: Json): Json {
  const { type, description } = schema;
  const said = description === undefined ? {} : { description };
  if (type === 'object') return { ...said, ...objectTemplate(schema) };
  if (type === 'array')
    return { ...withoutDefault(schema), items: templated(schema['items'] as Json) };
  const text = { type: 'string', maxLength: MAX_TEXT };
  return type === 'string' ? { ...text, ...said } : { anyOf: [{ type }, text], ...said };
}

function objectTemplate({ properties, required = [] }: Json): Json {
  const fields = Object.entries(properties as Readonly<Record<string, Json>>);
  const hasDefault = (name: unknown): boolean =>
    fields.some(([key, field]) => key === name && field['default'] !== undefined);
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(fields.map(([name, field]) => [name, templated(field)])),
    required: (required as readonly string[]).filter((name) => !hasDefault(name)),
  };
}

function withoutDefault({ default: _default, ...schema }: Json): Json {
  return schema;
}
