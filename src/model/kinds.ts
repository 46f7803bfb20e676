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

/** `apiVersion` of the objects of a kind: `v1` in the core group, else `group/version`. */
export function apiVersionOf({ group, version }: Pick<KindNames, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** How messages name the resource of a kind: `modules.registrar.synapsis.network`, `events`. */
export function resourceOf({ group, plural }: Pick<KindNames, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}
