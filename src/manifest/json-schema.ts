import { ModuleSchema } from '../model/module.js';
import { ModuleSetSchema } from '../model/module-set.js';
import { API_VERSION } from '../model/names.js';

type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

/** What is published for editors: of each kind a file, which nothing ever fetches. */
const PUBLISHED = {
  Module: { file: 'module.schema.json', schema: ModuleSchema },
  ModuleSet: { file: 'module-set.schema.json', schema: ModuleSetSchema },
} as const;

export type PublishedKind = keyof typeof PUBLISHED;

export const PUBLISHED_KINDS = Object.keys(PUBLISHED) as PublishedKind[];

/**
 * JSON Schema (draft 2020-12) of the manifests of a kind, for editors: what has a default may be
 * left out, and no format or keyword in it is Registrar's own.
 */
export function publishedSchema(kind: PublishedKind = 'Module'): JsonObject {
  const { file, schema } = PUBLISHED[kind];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://${API_VERSION}/${file}`,
    title: kind,
    ...published(JSON.parse(JSON.stringify(schema)) as JsonObject),
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
