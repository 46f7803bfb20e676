import type { JsonObject } from '../../lib/merge-patch.js';
import { refTo, STATUS } from './openapi-names.js';
import type { GroupVersionKind } from './openapi-names.js';

/** What clients can do at a path, as Kubernetes names it, and the HTTP method of it. */
const METHODS = {
  get: 'get',
  list: 'get',
  create: 'post',
  update: 'put',
  patch: 'patch',
  delete: 'delete',
  deletecollection: 'delete',
} as const;

export type Action = keyof typeof METHODS;

/** Kubernetes names two of the actions after their method. */
const ACTION_NAMES: Partial<Record<Action, string>> = { create: 'post', update: 'put' };

/** The type of the objects at a path, and the name of the schema of what is answered. */
export interface Subject {
  readonly gvk: GroupVersionKind;
  /** Schema of the object that is written, and of the one that is answered. */
  readonly object: string;
  /** Schema of a list of them. */
  readonly list: string;
  /** Begins the names of its operations: `Module`, `ModuleScale`. */
  readonly title: string;
}

type Parameter = readonly [name: string, type: 'string' | 'integer' | 'boolean', text: string];

const SELECTORS: readonly Parameter[] = [
  ['labelSelector', 'string', 'Only objects with these labels'],
  ['fieldSelector', 'string', 'Only objects with these values'],
];
const READS: readonly Parameter[] = [
  ...SELECTORS,
  ['limit', 'integer', 'At most as many objects; the answer says how to get the next ones'],
  ['continue', 'string', 'What the answer before said'],
  ['resourceVersion', 'string', 'Which version of the list'],
  ['resourceVersionMatch', 'string', 'Exact or NotOlderThan'],
  ['watch', 'boolean', 'Answer with a line for each change'],
  ['allowWatchBookmarks', 'boolean', 'Also with lines that only say how far the watch has come'],
  ['sendInitialEvents', 'boolean', 'First with a line for each object that there is'],
  ['timeoutSeconds', 'integer', 'When the watch ends'],
];
const DRY_RUN: Parameter = ['dryRun', 'string', 'With All nothing is stored'];
const PROPAGATION: Parameter = [
  ...(['propagationPolicy', 'string'] as const),
  'With Foreground what needs the object goes before it, with Orphan it stays without it',
];
const WRITES: readonly Parameter[] = [
  DRY_RUN,
  ['fieldManager', 'string', 'Who sets the fields'],
  ['fieldValidation', 'string', 'What to do about unknown fields: Strict, Warn or Ignore'],
];
const FORCE: Parameter = ['force', 'boolean', 'Take the fields of others over in an apply'];

const PARAMETERS: Readonly<Record<Action, readonly Parameter[]>> = {
  get: [],
  list: READS,
  create: WRITES,
  update: WRITES,
  patch: [...WRITES, FORCE],
  delete: [DRY_RUN, PROPAGATION],
  deletecollection: [...SELECTORS, DRY_RUN, PROPAGATION],
};

const JSON_TYPE = ['application/json'];
const BODY_TYPES: Partial<Record<Action, readonly string[]>> = {
  create: [...JSON_TYPE, 'application/yaml'],
  update: [...JSON_TYPE, 'application/yaml'],
  patch: [
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
  ],
};

/** An operation of a path, under its HTTP method. */
export function operation(action: Action, subject: Subject): JsonObject {
  const { gvk, object, list, title } = subject;
  const { group, version, kind } = gvk;
  const bodyTypes = BODY_TYPES[action];
  const isMany = action === 'list' || action === 'deletecollection';
  return {
    [METHODS[action]]: {
      operationId: `${action}${title}`,
      'x-kubernetes-action': ACTION_NAMES[action] ?? action,
      'x-kubernetes-group-version-kind': { group, version, kind },
      ...(PARAMETERS[action].length > 0 && { parameters: PARAMETERS[action].map(queryParameter) }),
      ...(bodyTypes && { requestBody: { content: contentOf(bodyTypes, bodyOf(action, object)) } }),
      responses: responsesOf(action, isMany ? list : object),
    },
  };
}

const queryParameter = ([name, type, description]: Parameter): JsonObject => ({
  name,
  in: 'query',
  description,
  schema: { type },
});

/** A part of the path. */
export const pathParameter = (name: string): JsonObject => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string' },
});

/** A patch has no schema: it may hold any part of the object. */
const bodyOf = (action: Action, object: string): object =>
  action === 'patch' ? {} : refTo(object);

const contentOf = (types: readonly string[], schema: object): JsonObject =>
  Object.fromEntries(types.map((type) => [type, { schema }]));

function responsesOf(action: Action, schema: string): JsonObject {
  const answer = (description: string, name: string): JsonObject => ({
    description,
    content: contentOf(JSON_TYPE, refTo(name)),
  });
  const code = action === 'create' ? '201' : '200';
  const success = action === 'delete' ? STATUS : schema;
  return { [code]: answer('Done', success), default: answer('Refused', STATUS) };
}
