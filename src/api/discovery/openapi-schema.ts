import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';

/** Keywords that mean the same in JSON Schema and in OpenAPI 3.0. */
const KEPT: ReadonlySet<string> = new Set([
  'type',
  'description',
  'default',
  'enum',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
]);

/** Formats that other programs know too. */
const KNOWN_FORMATS: readonly unknown[] = ['date-time', 'int32', 'int64', 'double', 'byte'];

const KEEPS_UNKNOWN = { 'x-kubernetes-preserve-unknown-fields': true };

/**
 * A JSON Schema, as TypeBox makes it, in the words of OpenAPI 3.0 and as the Kubernetes API server
 * would serve it: a map has `additionalProperties`, null is `nullable`, a constant is an enum of
 * one, and a field with a default is not required. What is Registrar's own is left out.
 */
export function openApiSchema(schema: object): JsonObject {
  const json = schema as JsonObject;
  return Object.fromEntries(
    Object.entries(json).flatMap(([keyword, value]) =>
      Object.entries(converted(keyword, value, json)),
    ),
  );
}

/** What one keyword becomes: none, one or several of OpenAPI's. */
function converted(keyword: string, value: unknown, schema: JsonObject): JsonObject {
  if (KEPT.has(keyword) || keyword.startsWith('x-kubernetes-')) return { [keyword]: value };
  switch (keyword) {
    case 'const':
      return { enum: [value] };
    case 'format':
      return KNOWN_FORMATS.includes(value) ? { format: value } : {};
    case 'required':
      return requiredOf(value as string[], schema);
    case 'properties':
      return { properties: mapValues(value as JsonObject, openApiSchema) };
    case 'items':
      return { items: openApiSchema(value as JsonObject) };
    case 'patternProperties':
      return mapOf(Object.values(value as JsonObject)[0]);
    case 'additionalProperties':
      return value === false ? {} : mapOf(value);
    case 'anyOf':
      return alternatives(value as JsonObject[]);
    default:
      return {};
  }
}

/** The fields that a writer cannot leave out. */
function requiredOf(names: readonly string[], { properties }: JsonObject): JsonObject {
  const known = properties as Readonly<Record<string, JsonObject>>;
  const required = names.filter((name) => known[name]?.['default'] === undefined);
  return required.length > 0 ? { required } : {};
}

/** A map whose values are of one schema; of any when it says nothing. */
function mapOf(value: unknown): JsonObject {
  const isAnything = !isJsonObject(value) || Object.keys(value).length === 0;
  return isAnything ? KEEPS_UNKNOWN : { additionalProperties: openApiSchema(value) };
}

const isNull = ({ type }: JsonObject): boolean => type === 'null';

function alternatives(schemas: readonly JsonObject[]): JsonObject {
  const rest = schemas.filter((schema) => !isNull(schema)).map(openApiSchema);
  const nullable = schemas.some(isNull) ? { nullable: true } : {};
  const [only] = rest;
  return rest.length === 1 ? { ...only, ...nullable } : { anyOf: rest, ...nullable };
}

const mapValues = (map: JsonObject, change: (value: JsonObject) => JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value as JsonObject)]));
