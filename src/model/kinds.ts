import { GROUP, VERSION } from './names.js';
import type { Event } from './event.js';
import type { Module } from './module.js';

/** The kinds that are stored, and the type of each. */
export interface Kinds {
  Module: Module;
  Event: Event;
}

export type KindName = keyof Kinds;

/** What discovery and paths say of a kind. */
export interface KindDefinition {
  readonly kind: KindName;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
}

export const KINDS: { readonly [K in KindName]: KindDefinition & { kind: K } } = {
  Module: {
    kind: 'Module',
    group: GROUP,
    version: VERSION,
    plural: 'modules',
    singular: 'module',
    shortNames: ['mod'],
    namespaced: false,
  },
  Event: {
    kind: 'Event',
    group: '',
    version: 'v1',
    plural: 'events',
    singular: 'event',
    shortNames: ['ev'],
    namespaced: true,
  },
};
