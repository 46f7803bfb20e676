import { isMadeFrom } from '../model/container.js';
import type { Limits, ObservedContainer } from '../model/container.js';
import { containerName } from '../model/owner.js';
import type { Action } from './action.js';
import { putOffUntil } from './backoff.js';
import { NOTHING } from './desired.js';
import type { Plan, Target } from './desired.js';
import { restartUnhealthy } from './illness.js';
import { memoryOf } from './situation.js';
import type { Situation } from './situation.js';
import { create, isRunning, remove, waitForRemoval } from './steps.js';

interface Rule {
  readonly applies: (container: ObservedContainer, situation: Situation) => boolean;
  readonly plan: (container: ObservedContainer, situation: Situation) => Plan;
}

/** Each rule is one way in which the container cannot stay; the first that applies wins. */
const REPLACEMENT_RULES: readonly Rule[] = [
  {
    // `docker rm` by hand, or a removal that a killed daemon had asked for: it ends by itself.
    applies: ({ state }) => state === 'removing',
    plan: (container, { now }) => ({ actions: [], waits: [waitForRemoval(container, now)] }),
  },
  {
    // The engine could not remove it; only another removal can end it.
    applies: ({ state }) => state === 'dead',
    plan: (container, situation) => remake(container, situation, 'the engine calls it dead'),
  },
  {
    // Its labels say one thing and the engine another: it was not made by Registrar as it is.
    applies: (container, { desired }) =>
      container.owner.revision === desired.target?.revision &&
      !isMadeFrom(container, desired.target.imageId),
    plan: (container, situation) =>
      remake(container, situation, 'it runs another image than the one that was verified'),
  },
  {
    // No start of it brings a GPU back that the host took away: it is given when one is made.
    applies: (container, { desired }) =>
      container.owner.revision === desired.target?.revision && isWithoutGpu(container),
    plan: (container, situation) =>
      remake(container, situation, `it lost GPU ${container.lostGpus?.join(', ')}`),
  },
  {
    // They were in memory and the host was started anew: no start of it brings them back either. What
    // runs has read them, mostly, and is left running.
    applies: (container) => container.lostFiles === true && !isRunning(container),
    plan: (container, situation) =>
      container.owner.revision === situation.desired.target?.revision
        ? remake(container, situation, 'its files of Secrets are gone')
        : NOTHING,
  },
];

const isWithoutGpu = ({ lostGpus = [] }: ObservedContainer): boolean => lostGpus.length > 0;

/** What brings a container that is to stay back to what it should be, of whatever revision it is. */
export function repair(container: ObservedContainer, situation: Situation): Plan {
  const replacement = REPLACEMENT_RULES.find((rule) => rule.applies(container, situation));
  if (replacement !== undefined) return replacement.plan(container, situation);
  const begun = startAgain(container, situation);
  const restarted = restartUnhealthy(container, situation);
  return {
    actions: [...adjust(container, situation), ...begun.actions, ...restarted.actions],
    waits: [...begun.waits, ...restarted.waits],
  };
}

/** The same container anew: its name has to be free first. */
function remake(container: ObservedContainer, { desired }: Situation, because: string): Plan {
  const { target, module } = desired;
  // Without a target nothing could take its place, so it is left for a person to see.
  if (target === undefined) return NOTHING;
  const made = create(module, target, container.owner.slot, because);
  return { actions: [...remove(container, because), ...made], waits: [] };
}

/** What can be put right on the container as it is. */
function adjust(container: ObservedContainer, { desired }: Situation): Action[] {
  const { id, owner, state, address } = container;
  const { slot, revision } = owner;
  const { target } = desired;
  const name = containerName(owner);
  const it = { slot, revision, id, name };
  const actions: Action[] = [];
  if (container.name !== name) {
    const because = `it was renamed to ${container.name}`;
    actions.push({ ...it, kind: 'renameContainer', because, from: container.name });
  }
  if (target?.revision === revision && limitsDiffer(container, target)) {
    const because = describeLimits(container.limits, target.limits);
    actions.push({ ...it, kind: 'updateLimits', because, limits: target.limits });
  }
  if (state === 'running' && address === '') {
    actions.push({ ...it, kind: 'connectContainer', because: 'it is not on its network' });
  }
  if (state === 'paused') {
    actions.push({ ...it, kind: 'unpauseContainer', because: 'it is paused' });
  }
  return actions;
}

/** Starts a container that does not run, once its crash-loop delay has passed. */
function startAgain(container: ObservedContainer, situation: Situation): Plan {
  const { state, id, owner } = container;
  if (state !== 'exited' && state !== 'created') return NOTHING;
  const because = stoppedReason(container);
  const until = putOffUntil(memoryOf(container, situation)?.retryAt, situation.now);
  const { slot, revision } = owner;
  if (until !== undefined) return { actions: [], waits: [{ slot, revision, until, because }] };
  const name = containerName(owner);
  return {
    actions: [{ kind: 'startContainer', slot, revision, because, id, name }],
    waits: [],
  };
}

/** Why a container does not run, for people. */
export function stoppedReason(container: ObservedContainer): string {
  const { state, error, exitCode, oomKilled } = container;
  if (state === 'created') return error === '' ? 'it was created but not started' : error;
  if (oomKilled) return 'it ran out of memory';
  return error === '' ? `it exited with code ${exitCode}` : error;
}

function limitsDiffer({ limits }: ObservedContainer, target: Target): boolean {
  return describeLimits(limits, target.limits) !== '';
}

function describeLimits(observed: Partial<Limits>, wanted: Limits): string {
  const parts = [
    ['memory', observed.memoryBytes, wanted.memoryBytes],
    ['cpu', observed.nanoCpus, wanted.nanoCpus],
    ['process', observed.pids, wanted.pids],
  ] as const;
  return parts
    .filter(([, is, should]) => is !== undefined && is !== should)
    .map(([name, is, should]) => `its ${name} limit is ${is} instead of ${should}`)
    .join(', ');
}
