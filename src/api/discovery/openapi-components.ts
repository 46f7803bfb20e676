import type { JsonObject } from '../../lib/merge-patch.js';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import { LIST_META, OBJECT_META, refTo, SCALE, schemaName, STATUS } from './openapi-names.js';
import type { GroupVersionKind } from './openapi-names.js';
import { openApiSchema } from './openapi-schema.js';

/** What a document says of a kind. */
export interface DescribedKind extends GroupVersionKind {
  readonly description: string;
  /** JSON Schema of a whole object. */
  readonly schema: object;
}

const text = (description: string): JsonObject => ({ type: 'string', description });

const TYPE_FIELDS = {
  apiVersion: text('Group and version of the kind'),
  kind: text('Kind of the object'),
};

/** Where all clients look for a schema that is used in several places. */
const shared = (name: string, description: string): JsonObject => ({
  allOf: [refTo(name)],
  default: {},
  description,
});

const gvkOf = ({ group, version, kind }: GroupVersionKind): JsonObject => ({
  'x-kubernetes-group-version-kind': [{ group, version, kind }],
});

/** Name of the schema of a list of objects. */
export const listName = (kind: GroupVersionKind): string => `${schemaName(kind)}List`;

/** The schemas of the objects of a kind and of a list of them, by name. */
export function componentsOf(kind: DescribedKind): JsonObject {
  return { [schemaName(kind)]: objectSchema(kind), [listName(kind)]: listSchema(kind) };
}

function objectSchema(kind: DescribedKind): JsonObject {
  const { properties, required, ...rest } = openApiSchema(kind.schema);
  const known = properties as JsonObject;
  const own = ((required ?? []) as string[]).filter((name) => !ALWAYS_THERE.has(name));
  return {
    ...rest,
    description: kind.description,
    properties: {
      ...TYPE_FIELDS,
      metadata: shared(OBJECT_META, 'Standard object metadata'),
      ...Object.fromEntries(Object.entries(known).filter(([name]) => !ALWAYS_THERE.has(name))),
    },
    ...(own.length > 0 && { required: own }),
    ...gvkOf(kind),
  };
}

/** Fields of every object, which look the same in all kinds. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

function listSchema(kind: DescribedKind): JsonObject {
  const items = {
    type: 'array',
    description: 'The objects, by name',
    items: refTo(schemaName(kind)),
  };
  return {
    type: 'object',
    description: `A list of objects of the kind ${kind.kind}`,
    properties: { ...TYPE_FIELDS, metadata: shared(LIST_META, 'Standard list metadata'), items },
    required: ['items'],
    ...gvkOf({ ...kind, kind: `${kind.kind}List` }),
  };
}

/** The schemas that all kinds refer to, by name. */
export function sharedComponents(): JsonObject {
  return {
    [OBJECT_META]: objectMeta(),
    [LIST_META]: LIST_META_SCHEMA,
    [STATUS]: STATUS_SCHEMA,
    [SCALE]: SCALE_SCHEMA,
  };
}

/** Without the rules for names, which are not the same for all kinds. */
function objectMeta(): JsonObject {
  const { required: _required, properties, ...rest } = openApiSchema(AnyObjectMetaSchema);
  const { name, namespace: _namespace, ...others } = properties as Record<string, JsonObject>;
  return {
    ...rest,
    properties: {
      name: text(String(name?.['description'])),
      namespace: text('Namespace of the object; objects of the cluster have none'),
      ...others,
    },
  };
}

const LIST_META_SCHEMA: JsonObject = {
  type: 'object',
  description: 'Metadata of a list',
  properties: {
    resourceVersion: text('Version of the whole list; a watch can begin there'),
    continue: text('Where the next page begins; absent on the last one'),
    remainingItemCount: {
      type: 'integer',
      format: 'int64',
      description: 'How many objects follow after this page',
    },
  },
};

const STATUS_SCHEMA: JsonObject = {
  type: 'object',
  description: 'What became of a request that does not answer with an object',
  properties: {
    ...TYPE_FIELDS,
    metadata: shared(LIST_META, 'Always empty'),
    status: text('Success or Failure'),
    message: text('For people'),
    reason: text('For machines: one word such as NotFound'),
    details: { type: 'object', description: 'What it is about, with a cause for each field' },
    code: { type: 'integer', format: 'int32', description: 'HTTP status of the answer' },
  },
  ...gvkOf({ group: '', version: 'v1', kind: 'Status' }),
};

const replicas = (description: string): JsonObject => ({
  type: 'object',
  properties: { replicas: { type: 'integer', format: 'int32', description } },
});

const SCALE_SCHEMA: JsonObject = {
  type: 'object',
  description: 'The number of replicas of an object, as autoscalers know it',
  properties: {
    ...TYPE_FIELDS,
    metadata: shared(OBJECT_META, 'Metadata of the object'),
    spec: replicas('How many are wanted'),
    status: replicas('How many there are'),
  },
  ...gvkOf({ group: 'autoscaling', version: 'v1', kind: 'Scale' }),
};
