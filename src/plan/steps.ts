import type { ObservedContainer } from '../model/container.js';
import { containerName } from '../model/owner.js';
import type { Action } from './action.js';
import type { Plan, Target, Wait } from './desired.js';
import { withdraw } from './links.js';

/** How long to give a container that is being removed before looking again. */
const REMOVING_LOOK_MS = 1_000;

/** Stops and removes; one that the engine is already removing is waited for. */
export function removeAll(
  containers: readonly ObservedContainer[],
  because: string,
  now: number,
  isTakenOver = false,
): Plan {
  const sorted = containers.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const going = sorted.filter((container) => container.state === 'removing');
  return {
    actions: sorted
      .filter((one) => one.state !== 'removing')
      .flatMap((one) => remove(one, because, isTakenOver)),
    waits: going.map((one) => waitForRemoval(one, now)),
  };
}

export function waitForRemoval({ owner, name }: ObservedContainer, now: number): Wait {
  const { slot, revision } = owner;
  return { slot, revision, until: now + REMOVING_LOOK_MS, because: `${name} is being removed` };
}

/** True for one that has a process, or will have one again without our doing. */
export const isRunning = ({ state }: ObservedContainer): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting';

export const stop = ({ id, name, owner }: ObservedContainer, because: string): Action => ({
  ...{ kind: 'stopContainer', slot: owner.slot, revision: owner.revision, because, id, name },
});

/**
 * Stop first, so that the process can end well; an engine kills on remove. Before that no one is sent
 * to it any more, where others take over.
 */
export function remove(
  container: ObservedContainer,
  because: string,
  isTakenOver = false,
): Action[] {
  const { id, name, owner } = container;
  const { slot, revision } = owner;
  return [
    ...(isTakenOver ? withdraw(container, because) : []),
    ...(isRunning(container) ? [stop(container, because)] : []),
    { kind: 'removeContainer', slot, revision, because, id, name },
  ];
}

/** Creates and starts a container of the target revision. */
export function create(
  module: string,
  target: Target,
  slot: number,
  because: string,
): [created: Action, started: Action] {
  const { revision } = target;
  const name = containerName({ module, revision, slot });
  return [
    { kind: 'createContainer', slot, revision, because, name },
    { kind: 'startContainer', slot, revision, because, name, id: undefined },
  ];
}
