import type { ObservedContainer } from '../model/container.js';
import { containerName } from '../model/owner.js';
import type { Action } from './action.js';
import type { Plan, Target, Wait } from './desired.js';

/** How long to give a container that is being removed before looking again. */
const REMOVING_LOOK_MS = 1_000;

/** Stops and removes; one that the engine is already removing is waited for. */
export function removeAll(
  containers: readonly ObservedContainer[],
  because: string,
  now: number,
): Plan {
  const sorted = containers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const going = sorted.filter((container) => container.state === 'removing');
  return {
    actions: sorted
      .filter((one) => one.state !== 'removing')
      .flatMap((one) => remove(one, because)),
    waits: going.map((one) => waitForRemoval(one, now)),
  };
}

export function waitForRemoval({ owner, name }: ObservedContainer, now: number): Wait {
  return { slot: owner.slot, until: now + REMOVING_LOOK_MS, because: `${name} is being removed` };
}

/** Stop first, so that the process can end well; an engine kills on remove. */
export function remove({ id, name, owner, state }: ObservedContainer, because: string): Action[] {
  const runs = state === 'running' || state === 'paused' || state === 'restarting';
  const { slot } = owner;
  return [
    ...(runs ? [{ kind: 'stopContainer', slot, because, id, name } as const] : []),
    { kind: 'removeContainer', slot, because, id, name },
  ];
}

/** Creates and starts a container of the target revision. */
export function create(
  module: string,
  target: Target,
  slot: number,
  because: string,
): [created: Action, started: Action] {
  const name = containerName({ module, revision: target.revision, slot });
  return [
    { kind: 'createContainer', slot, because, name },
    { kind: 'startContainer', slot, because, name, id: undefined },
  ];
}
