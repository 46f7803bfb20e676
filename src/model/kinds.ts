import { GROUP, VERSION } from './names.js';
import type { Event } from './event.js';
import type { Module } from './module.js';

/** The kinds that are stored, and the type of each. */
export interface Kinds {
  Module: Module;
  Event: Event;
}

export type KindName = keyof Kinds;

export type Verb = 'create' | 'delete' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A part of an object with a path of its own. */
export type Subresource = 'status' | 'scale';

/** What discovery, paths and selectors say of a kind: its routes follow from this. */
export interface KindDefinition {
  readonly kind: KindName;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Groups of kinds that `get` takes for a name. */
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** What clients may do; everything else is 405. */
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Paths that a field selector may name. */
  readonly selectableFields: readonly string[];
}

export const KINDS: { readonly [K in KindName]: KindDefinition & { kind: K } } = {
  Module: {
    kind: 'Module',
    group: GROUP,
    version: VERSION,
    plural: 'modules',
    singular: 'module',
    shortNames: ['mod'],
    categories: ['all', 'registrar'],
    namespaced: false,
    verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    subresources: ['status', 'scale'],
    selectableFields: ['metadata.name', 'metadata.namespace', 'status.phase'],
  },
  Event: {
    kind: 'Event',
    group: '',
    version: 'v1',
    plural: 'events',
    singular: 'event',
    shortNames: ['ev'],
    categories: [],
    namespaced: true,
    verbs: ['get', 'list', 'watch'],
    subresources: [],
    selectableFields: [
      'metadata.name',
      'metadata.namespace',
      'involvedObject.apiVersion',
      'involvedObject.fieldPath',
      'involvedObject.kind',
      'involvedObject.name',
      'involvedObject.namespace',
      'involvedObject.resourceVersion',
      'involvedObject.uid',
      'reason',
      'type',
    ],
  },
};

/** `apiVersion` of the objects of a kind: `v1` in the core group, else `group/version`. */
export function apiVersionOf({ group, version }: KindDefinition): string {
  return group === '' ? version : `${group}/${version}`;
}

/** How messages name the resource of a kind: `modules.registrar.synapsis.network`, `events`. */
export function resourceOf({ group, plural }: KindDefinition): string {
  return group === '' ? plural : `${plural}.${group}`;
}
