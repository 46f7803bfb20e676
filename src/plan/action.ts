import type { Limits } from '../model/container.js';

/** The closed set of changes that can be made to containers, and what each needs. */
export interface ActionArgs {
  createContainer: { name: string };
  /** `id` is undefined for the container that the same plan creates in the slot. */
  startContainer: { name: string; id: string | undefined };
  unpauseContainer: { name: string; id: string };
  connectContainer: { name: string; id: string };
  renameContainer: { name: string; id: string; from: string };
  updateLimits: { name: string; id: string; limits: Limits };
  stopContainer: { name: string; id: string };
  removeContainer: { name: string; id: string };
}

export type ActionKind = keyof ActionArgs;

/** One step of a plan: data, with the slot it works on and the reason for it. */
export type Action = {
  [K in ActionKind]: { kind: K; slot: number; because: string } & ActionArgs[K];
}[ActionKind];

/** How an action shows in a plan that people read. */
export const SYMBOLS: Readonly<Record<ActionKind, '+' | '~' | '-'>> = {
  createContainer: '+',
  startContainer: '~',
  unpauseContainer: '~',
  connectContainer: '~',
  renameContainer: '~',
  updateLimits: '~',
  stopContainer: '-',
  removeContainer: '-',
};

/** Reads as the end of "Registrar will …": used by diff, log, events and tests. */
export function describe(action: Action): string {
  switch (action.kind) {
    case 'createContainer':
      return `create container ${action.name}`;
    case 'startContainer':
      return `start container ${action.name}`;
    case 'unpauseContainer':
      return `unpause container ${action.name}`;
    case 'connectContainer':
      return `connect container ${action.name} to its network`;
    case 'renameContainer':
      return `rename container ${action.from} to ${action.name}`;
    case 'updateLimits':
      return `reset the limits of container ${action.name}`;
    case 'stopContainer':
      return `stop container ${action.name}`;
    case 'removeContainer':
      return `remove container ${action.name}`;
  }
}

/** Event reason of an action that was carried out; with `container` it begins the event's message. */
export const DONE: Readonly<Record<ActionKind, string>> = {
  createContainer: 'Created',
  startContainer: 'Started',
  unpauseContainer: 'Unpaused',
  connectContainer: 'Connected',
  renameContainer: 'Renamed',
  updateLimits: 'Limited',
  stopContainer: 'Stopped',
  removeContainer: 'Removed',
};
