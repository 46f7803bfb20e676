import { ModuleSchema } from '../model/module.js';
import { API_VERSION } from '../model/names.js';

type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** Where the schema says it lives; nothing is ever fetched from there. */
const SCHEMA_ID = `https://${API_VERSION}/module.schema.json`;

/**
 * JSON Schema (draft 2020-12) of a Module manifest, for editors: what has a default may be left
 * out, and no format or keyword in it is Registrar's own.
 */
export function publishedSchema(): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: SCHEMA_ID,
    title: 'Module',
    ...published(JSON.parse(JSON.stringify(ModuleSchema)) as JsonObject),
  };
}

/** A schema without what only Registrar understands. */
function published(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]) => {
      const kept = publishedKeyword(keyword, value, schema);
      return kept === undefined ? [] : [[keyword, kept]];
    }),
  );
}

/** What becomes of one keyword; undefined when it goes. */
function publishedKeyword(keyword: string, value: Json, schema: JsonObject): Json | undefined {
  switch (keyword) {
    case 'format':
    case 'x-expected':
    case 'x-kubernetes-list-type':
    case 'x-kubernetes-list-map-keys':
      return undefined;
    case 'required':
      return withoutDefaulted(value as string[], schema.properties as JsonObject);
    case 'properties':
    case 'patternProperties':
      return mapValues(value as JsonObject, (inner) => published(inner as JsonObject));
    case 'items':
      return published(value as JsonObject);
    case 'anyOf':
      return (value as JsonObject[]).map(published);
    default:
      return value;
  }
}

/** The properties that have no default; undefined when there are none. */
function withoutDefaulted(required: readonly string[], properties: JsonObject): Json | undefined {
  const kept = required.filter((name) => !('default' in (properties[name] as JsonObject)));
  return kept.length > 0 ? kept : undefined;
}

const mapValues = (object: JsonObject, change: (value: Json) => Json): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
