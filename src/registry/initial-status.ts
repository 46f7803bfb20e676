import type { KindName, Kinds } from '../model/kinds.js';

type StatusOf<K extends KindName> = Kinds[K] extends { status: infer S } ? { status: S } : object;

/** What the objects of each kind begin with besides what the user wrote. */
export const INITIAL_STATUS: { readonly [K in KindName]: StatusOf<K> } = {
  Module: {
    status: {
      phase: 'Pending',
      observedGeneration: 0,
      conditions: [],
      replicas: 0,
      readyReplicas: 0,
      restarts: 0,
      containers: [],
    },
  },
  Event: {},
};
