import type { Membership, ObservedContainer } from '../model/container.js';
import type { Action } from './action.js';
import type { Desired } from './desired.js';

/** Where a container that runs is thought to be reached. */
const SOMEWHERE = '192.0.2.1';

/** The containers after actions were carried out without fault; what runs then is healthy. */
export function carryOut(
  containers: readonly ObservedContainer[],
  actions: readonly Action[],
  desired: Desired,
  now: number,
): ObservedContainer[] {
  return actions.reduce<ObservedContainer[]>(
    (world, action) => step(world, action, desired, now),
    [...containers],
  );
}

function step(
  world: ObservedContainer[],
  action: Action,
  desired: Desired,
  now: number,
): ObservedContainer[] {
  const id = 'id' in action ? (action.id ?? idOf(action)) : idOf(action);
  const changed = (by: Partial<ObservedContainer>): ObservedContainer[] =>
    world.map((one) => (one.id === id ? { ...one, ...by } : one));
  switch (action.kind) {
    case 'createContainer':
      return [...world, created(action, desired, now)];
    case 'startContainer':
    case 'restartContainer':
      return changed({ ...RUNS, startedAt: new Date(now).toISOString() });
    case 'unpauseContainer':
      return changed(RUNS);
    case 'connectContainer':
      return changed({ address: SOMEWHERE });
    case 'joinNetwork':
      return world.map((one) => (one.id === id ? joined(one, action) : one));
    case 'leaveNetwork':
      return world.map((one) => (one.id === id ? without(one, action.of) : one));
    case 'withdrawContainer':
      return world.map((one) =>
        one.id === id ? joined(one, { of: action.of, isNamed: false }) : one,
      );
    case 'renameContainer':
      return changed({ name: action.name });
    case 'updateLimits':
      return changed({ limits: action.limits });
    case 'stopContainer':
      return changed({ state: 'exited', health: 'none', address: '' });
    case 'removeContainer':
      return world.filter((one) => one.id !== id);
  }
}

const without = (container: ObservedContainer, of: string): ObservedContainer => ({
  ...container,
  memberships: (container.memberships ?? []).filter((one) => one.of !== of),
});

function joined(container: ObservedContainer, { of, isNamed }: Membership): ObservedContainer {
  const { memberships = [], ...rest } = without(container, of);
  return { ...rest, memberships: [...memberships, { of, isNamed }] };
}

const RUNS = { state: 'running', health: 'healthy', address: SOMEWHERE } as const;

/** The engine names containers; until then they are told apart by their place. */
const idOf = ({ slot, revision }: Action): string => `new-${slot}-${revision}`;

function created(
  action: Action & { kind: 'createContainer' },
  desired: Desired,
  now: number,
): ObservedContainer {
  const { module, uid, target, links } = desired;
  const { slot, revision, name } = action;
  const owner = {
    instance: '',
    module,
    uid,
    revision,
    slot,
    specHash: '',
    commit: '',
    generation: 0,
  };
  const imageId = target?.imageId ?? '';
  return {
    ...{ id: idOf(action), name, owner, imageId, createdFrom: imageId, state: 'created' },
    ...{ health: 'none', address: '', limits: target?.limits ?? {}, exitCode: 0, oomKilled: false },
    ...{ error: '', startedAt: undefined, finishedAt: undefined, restartCount: 0 },
    createdAt: new Date(now).toISOString(),
    memberships: links.uses.map((of) => ({ of, isNamed: false })),
  };
}
