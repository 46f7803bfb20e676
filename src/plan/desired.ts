import type { Limits } from '../model/container.js';
import type { Action } from './action.js';

/** What new containers are made from. */
export interface Target {
  readonly revision: string;
  readonly limits: Limits;
}

/** Why a module wants no containers, or fewer than there are. */
export type Scale = 'scaled down' | 'suspended' | 'deleted';

/** What the containers of one module should be. */
export interface Desired {
  readonly module: string;
  readonly uid: string;
  /** Slots 0 to replicas - 1 have a container each; 0 when suspended or deleted. */
  readonly replicas: number;
  readonly scale: Scale;
  /**
   * Undefined while the image cannot be had: then what runs is kept going at the revision it has,
   * and nothing is created or replaced.
   */
  readonly target: Target | undefined;
}

/** A slot where nothing may be done before a time. */
export interface Wait {
  readonly slot: number;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly because: string;
}

export interface Plan {
  /** In order within a slot; slots do not depend on each other. */
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
}
