import type { Limits } from '../model/container.js';
import type { Action } from './action.js';
import type { Links } from './links.js';

/** What new containers are made from. */
export interface Target {
  readonly revision: string;
  /** Id in the engine of the image that the revision stands for. */
  readonly imageId: string;
  readonly limits: Limits;
}

/** Why a module wants no containers, or fewer than there are. */
export type Scale = 'scaled down' | 'suspended' | 'deleted';

/** Which of the two containers of a slot runs first while it gets another revision. */
export type Order = 'start-first' | 'stop-first';

/** How slots come to another revision. */
export interface Swap {
  readonly order: Order;
  /** Why it is that order, for people. */
  readonly because: string;
  /** Slots that have two running containers at once, when the new one starts first. */
  readonly maxSurge: number;
  /** Slots without a ready container, at most, when the old one stops first; at least 1. */
  readonly maxUnavailable: number;
  /** Milliseconds that a new container is ready before the old one goes. */
  readonly minReadyMs: number;
  /** A person stopped the rollout: no slot begins or ends a swap. */
  readonly isPaused: boolean;
}

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
  readonly swap: Swap;
  readonly links: Links;
  /** Revision whose containers are kept, running or not, until those of the target are ready. */
  readonly reserve: string | undefined;
}

/** A slot where nothing may be done before a time. */
export interface Wait {
  readonly slot: number;
  readonly revision: string;
  /** Milliseconds since 1970. */
  readonly until: number;
  readonly because: string;
  /** In a word, where the history of the slot does not tell. */
  readonly reason?: string;
}

export interface Plan {
  /** In order within a slot; slots do not depend on each other. */
  readonly actions: readonly Action[];
  readonly waits: readonly Wait[];
}

export const NOTHING: Plan = { actions: [], waits: [] };

/** Plans one after the other. */
export const together = (parts: readonly Plan[]): Plan => ({
  actions: parts.flatMap((part) => part.actions),
  waits: parts.flatMap((part) => part.waits),
});
