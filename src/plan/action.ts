import type { Limits } from '../model/container.js';
import type { Illness } from './illness.js';

/** The closed set of changes that can be made to containers, and what each needs. */
export interface ActionArgs {
  createContainer: { name: string };
  /** `id` is undefined for the container that the same plan creates in the slot. */
  startContainer: { name: string; id: string | undefined };
  restartContainer: { name: string; id: string; illness: Illness };
  unpauseContainer: { name: string; id: string };
  connectContainer: { name: string; id: string };
  /** Onto the network of the module `of`; `isNamed` when it is to be reached there by that name. */
  joinNetwork: { name: string; id: string; of: string; isNamed: boolean };
  leaveNetwork: { name: string; id: string; of: string };
  /** From its own network no new connection comes to it; those that there are go on. */
  withdrawContainer: { name: string; id: string; of: string };
  renameContainer: { name: string; id: string; from: string };
  updateLimits: { name: string; id: string; limits: Limits };
  stopContainer: { name: string; id: string };
  removeContainer: { name: string; id: string };
}

export type ActionKind = keyof ActionArgs;

/** One step of a plan: data, with the slot and revision it works on and the reason for it. */
export type Action = {
  [K in ActionKind]: { kind: K; slot: number; revision: string; because: string } & ActionArgs[K];
}[ActionKind];

/** How an action shows in a plan that people read. */
export const SYMBOLS: Readonly<Record<ActionKind, '+' | '~' | '-'>> = {
  createContainer: '+',
  startContainer: '~',
  restartContainer: '~',
  unpauseContainer: '~',
  connectContainer: '~',
  joinNetwork: '~',
  leaveNetwork: '~',
  withdrawContainer: '~',
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
    case 'restartContainer':
      return `restart container ${action.name}`;
    case 'unpauseContainer':
      return `unpause container ${action.name}`;
    case 'connectContainer':
      return `connect container ${action.name} to its network`;
    case 'joinNetwork':
      return action.isNamed
        ? `let others reach container ${action.name} as "${action.of}"`
        : `let container ${action.name} reach module "${action.of}"`;
    case 'leaveNetwork':
      return `take container ${action.name} off the network of module "${action.of}"`;
    case 'withdrawContainer':
      return `send no one to container ${action.name} any more`;
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
  restartContainer: 'Restarted',
  unpauseContainer: 'Unpaused',
  connectContainer: 'Connected',
  joinNetwork: 'Linked',
  leaveNetwork: 'Unlinked',
  withdrawContainer: 'Withdrawn',
  renameContainer: 'Renamed',
  updateLimits: 'Limited',
  stopContainer: 'Stopped',
  removeContainer: 'Removed',
};
