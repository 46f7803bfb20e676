import type { JsonObject } from '../../lib/merge-patch.js';
import { listName } from './openapi-components.js';
import { schemaName } from './openapi-names.js';
import type { GroupVersionKind } from './openapi-names.js';
import { operation, pathParameter } from './openapi-operations.js';
import type { Action, Subject } from './openapi-operations.js';

/** What the paths of a kind follow from. */
export interface ServedKind extends GroupVersionKind {
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly { readonly name: string; readonly type: GroupVersionKind }[];
}

const ON_COLLECTIONS: readonly Action[] = ['list', 'create', 'deletecollection'];
const ON_OBJECTS: readonly Action[] = ['get', 'update', 'patch', 'delete'];
const ON_PARTS: readonly Action[] = ['get', 'update', 'patch'];

/** The paths of a kind below that of its group version, each with one operation a verb. */
export function pathsOf(base: string, served: ServedKind): JsonObject {
  const { plural, namespaced } = served;
  const own = namespaced ? `${base}/namespaces/{namespace}/${plural}` : `${base}/${plural}`;
  const subject = subjectOf(served, served, served.kind);
  const item = `${own}/{name}`;
  const parts = served.subresources.map((part) => partOf(item, part, served));
  return {
    ...(namespaced && path(`${base}/${plural}`, ['list'], served, subject)),
    ...path(own, ON_COLLECTIONS, served, { ...subject, title: titleOf(served) }),
    ...path(item, ON_OBJECTS, served, subject),
    ...(Object.assign({}, ...parts) as JsonObject),
  };
}

/** Operations of one namespace are named apart from those of all. */
const titleOf = ({ namespaced, kind }: ServedKind): string =>
  namespaced ? `Namespaced${kind}` : kind;

function partOf(
  item: string,
  { name, type }: ServedKind['subresources'][number],
  served: ServedKind,
): JsonObject {
  const title = `${served.kind}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return path(`${item}/${name}`, ON_PARTS, served, subjectOf(served, type, title));
}

function subjectOf(served: ServedKind, type: GroupVersionKind, title: string): Subject {
  return { gvk: type, object: schemaName(type), list: listName(served), title };
}

/** One path with those of the actions that the kind has. */
function path(
  url: string,
  actions: readonly Action[],
  { verbs }: ServedKind,
  subject: Subject,
): JsonObject {
  const offered = actions.filter((action) => verbs.includes(action));
  if (offered.length === 0) return {};
  const names = [...url.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const parameters = names.length > 0 ? { parameters: names.map(pathParameter) } : {};
  const operations = offered.map((action) => operation(action, subject));
  return { [url]: Object.assign(parameters, ...operations) as JsonObject };
}
