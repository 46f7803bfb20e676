import { apiVersionOf, APPLIED, EVENT, MODULE, resourceOf, SECRET, TOKEN } from '../model/kinds.js';
import type { AppliedKind, KindNames, AppliedKey } from '../model/kinds.js';

/** A kind as a server offers it. */
export interface Resource extends KindNames {
  readonly verbs: readonly string[];
}

/** Where objects that are in a namespace are: there is one. */
export const NAMESPACE = 'default';

const KNOWN_VERBS = ['get', 'list', 'watch'];

/** Kinds that every server has: it need not be asked for them. */
export const MODULES: Resource = { ...MODULE, verbs: KNOWN_VERBS };
export const EVENTS: Resource = { ...EVENT, verbs: KNOWN_VERBS };
export const TOKENS: Resource = { ...TOKEN, verbs: KNOWN_VERBS };
export const SECRETS: Resource = { ...SECRET, verbs: KNOWN_VERBS };

/** Path of the collection of a kind. */
export function collectionPath(resource: KindNames): string {
  const base = `${resource.group === '' ? '/api' : '/apis'}/${apiVersionOf(resource)}`;
  return `${base}${resource.namespaced ? `/namespaces/${NAMESPACE}` : ''}/${resource.plural}`;
}

/** Path of an object. */
export const objectPath = (resource: KindNames, name: string): string =>
  `${collectionPath(resource)}/${encodeURIComponent(name)}`;

/** Whether a word, in any case, means a kind: `pods`, `pod`, `po`, `Pod`, `modules.GROUP`. */
export function isNamedBy(names: KindNames, word: string): boolean {
  const { plural, singular, shortNames, kind, group, version } = names;
  const short = [plural, singular, ...shortNames, kind];
  const full = [plural, singular].flatMap((name) => [
    `${name}.${group}`,
    `${name}.${version}.${group}`,
  ]);
  return [...short, ...full].some((name) => name.toLowerCase() === word.toLowerCase());
}

/** `module.registrar.synapsis.network/web`, as kubectl names an object. */
export const qualifiedName = ({ singular, group }: KindNames, name: string): string =>
  `${resourceOf({ plural: singular, group })}/${name}`;

const byKind = new Map<string, KindNames>(APPLIED.map((names) => [names.kind, names]));

/** The names of a kind of which manifests are applied. */
export const appliedNames = (kind: AppliedKind): KindNames => byKind.get(kind) ?? MODULE;

/** The same of an object of such a kind. */
export const fullNameOf = ({ kind, name }: AppliedKey): string =>
  qualifiedName(appliedNames(kind), name);
