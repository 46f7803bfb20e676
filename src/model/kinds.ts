import { GROUP, VERSION } from './names.js';

export type Verb =
  'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A part of an object with a path of its own. */
export type Subresource = 'status' | 'scale';

/** How a kind is named, and what can be asked of it: its paths follow from this. */
export interface KindNames {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Groups of kinds that `get` takes for a name. */
  readonly categories: readonly string[];
  readonly namespaced: boolean;
}

/** The names of the kind that commands mean when they name none. */
export const MODULE = {
  kind: 'Module',
  group: GROUP,
  version: VERSION,
  plural: 'modules',
  singular: 'module',
  shortNames: ['mod'],
  categories: ['all', 'registrar'],
  namespaced: false,
} as const satisfies KindNames;

export const EVENT = {
  kind: 'Event',
  group: '',
  version: 'v1',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
} as const satisfies KindNames;

export const TOKEN = {
  kind: 'Token',
  group: GROUP,
  version: VERSION,
  plural: 'tokens',
  singular: 'token',
  shortNames: [],
  categories: [],
  namespaced: false,
} as const satisfies KindNames;

export const POLICY = {
  kind: 'Policy',
  group: GROUP,
  version: VERSION,
  plural: 'policies',
  singular: 'policy',
  shortNames: ['pol'],
  categories: ['registrar'],
  namespaced: false,
} as const satisfies KindNames;

export const MODULE_SET = {
  kind: 'ModuleSet',
  group: GROUP,
  version: VERSION,
  plural: 'modulesets',
  singular: 'moduleset',
  shortNames: ['mset'],
  categories: ['all', 'registrar'],
  namespaced: false,
} as const satisfies KindNames;

export const MODULE_VERSION = {
  kind: 'ModuleVersion',
  group: GROUP,
  version: VERSION,
  plural: 'moduleversions',
  singular: 'moduleversion',
  shortNames: ['mv'],
  categories: ['registrar'],
  namespaced: false,
} as const satisfies KindNames;

export const REVISION = {
  kind: 'Revision',
  group: GROUP,
  version: VERSION,
  plural: 'revisions',
  singular: 'revision',
  shortNames: ['rev'],
  categories: ['registrar'],
  namespaced: false,
} as const satisfies KindNames;

/** The receipts of what became of a change from one revision to another. */
export const ROLLOUT = {
  kind: 'Rollout',
  group: GROUP,
  version: VERSION,
  plural: 'rollouts',
  singular: 'rollout',
  shortNames: ['ro'],
  categories: ['registrar'],
  namespaced: false,
} as const satisfies KindNames;

export const SECRET = {
  kind: 'Secret',
  group: GROUP,
  version: VERSION,
  plural: 'secrets',
  singular: 'secret',
  shortNames: [],
  categories: [],
  namespaced: false,
} as const satisfies KindNames;

/**
 * The kinds that people declare in manifests, in the order in which those are applied: what is
 * verified comes after what it is verified by, and who is named one by one before who is stamped.
 */
export const DECLARED = [POLICY, MODULE, MODULE_SET] as const;

export type DeclaredKind = (typeof DECLARED)[number]['kind'];

/** One object of a kind that is declared. */
export interface ObjectKey {
  readonly kind: DeclaredKind;
  readonly name: string;
}

/**
 * The kinds of which people apply manifests, in that order. Secrets come first, as modules use them;
 * files of the config directory declare none, because their values would be in git.
 */
export const APPLIED = [SECRET, ...DECLARED] as const;

export type AppliedKind = (typeof APPLIED)[number]['kind'];

/** One object of a kind that is applied. */
export interface AppliedKey {
  readonly kind: AppliedKind;
  readonly name: string;
}

/** `module/web`: tells an object from all others that are declared, also of the same name. */
export const keyText = ({ kind, name }: ObjectKey): string => `${kind.toLowerCase()}/${name}`;

/** `apiVersion` of the objects of a kind: `v1` in the core group, else `group/version`. */
export function apiVersionOf({ group, version }: Pick<KindNames, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** How messages name the resource of a kind: `modules.registrar.synapsis.network`, `events`. */
export function resourceOf({ group, plural }: Pick<KindNames, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}
