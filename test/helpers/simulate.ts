import type { ObservedContainer } from '../../src/model/container.js';
import type { Action } from '../../src/plan/action.js';
import { aContainer, NOON } from './builders.js';
import type { Desired } from '../../src/plan/desired.js';

/** The containers after a plan was carried out without fault: the engine, as the planner sees it. */
export function simulate(
  containers: readonly ObservedContainer[],
  actions: readonly Action[],
  { module, uid, target }: Desired,
): ObservedContainer[] {
  let world = [...containers];
  const change = (id: string | undefined, overrides: Partial<ObservedContainer>): void => {
    world = world.map((one) => (one.id === id ? { ...one, ...overrides } : one));
  };
  for (const action of actions) {
    const { slot } = action;
    const fresh = `new-${slot}`;
    switch (action.kind) {
      case 'createContainer': {
        const owner = { module, uid, slot, revision: target?.revision ?? '' };
        const limits = target?.limits ?? { memoryBytes: 0, nanoCpus: 0, pids: 0 };
        world.push(aContainer({ id: fresh, name: action.name, state: 'created', owner, limits }));
        break;
      }
      case 'startContainer':
        change(action.id ?? fresh, { state: 'running', startedAt: new Date(NOON).toISOString() });
        break;
      case 'unpauseContainer':
        change(action.id, { state: 'running' });
        break;
      case 'connectContainer':
        change(action.id, { address: '172.18.0.9' });
        break;
      case 'renameContainer':
        change(action.id, { name: action.name });
        break;
      case 'updateLimits':
        change(action.id, { limits: action.limits });
        break;
      case 'stopContainer':
        change(action.id, { state: 'exited' });
        break;
      case 'removeContainer':
        world = world.filter((one) => one.id !== action.id);
    }
  }
  return world;
}
