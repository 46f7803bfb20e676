import type { Limits, ObservedContainer } from '../model/container.js';
import { containerName } from '../model/owner.js';
import type { Action } from './action.js';
import type { Desired, Plan, Target } from './desired.js';
import type { SlotHistory } from './history.js';
import { create, remove, waitForRemoval } from './steps.js';

/** What the rules look at: a container that belongs in its slot. */
interface Situation {
  readonly desired: Desired;
  readonly container: ObservedContainer;
  readonly history: SlotHistory;
  readonly now: number;
}

interface Rule {
  readonly applies: (situation: Situation) => boolean;
  readonly plan: (situation: Situation) => Plan;
}

/** Each rule is one way in which the container is not as it should be; the first that applies wins. */
const REPLACEMENT_RULES: readonly Rule[] = [
  {
    // `docker rm` by hand, or a removal that a killed daemon had asked for: it ends by itself.
    applies: ({ container }) => container.state === 'removing',
    plan: ({ container, now }) => ({ actions: [], waits: [waitForRemoval(container, now)] }),
  },
  {
    // The engine could not remove it; only another removal can end it.
    applies: ({ container }) => container.state === 'dead',
    plan: (situation) => remake(situation, 'the engine calls it dead'),
  },
  {
    applies: ({ container, desired }) =>
      desired.target !== undefined && container.owner.revision !== desired.target.revision,
    plan: (situation) => replace(situation, revisionReason(situation)),
  },
];

/**
 * What brings the one container of a slot back to what it should be. Recreate when it is of
 * another revision; otherwise every repair it needs, at once.
 */
export function repair(
  desired: Desired,
  container: ObservedContainer,
  history: SlotHistory,
  now: number,
): Plan {
  const situation = { desired, container, history, now };
  const replacement = REPLACEMENT_RULES.find((rule) => rule.applies(situation));
  if (replacement !== undefined) return replacement.plan(situation);
  const begun = startAgain(situation);
  return { actions: [...adjust(situation), ...begun.actions], waits: begun.waits };
}

/**
 * Another revision takes the slot. It is created first: what makes that fail never touches the one
 * that runs. The old one is stopped before the new one starts, since two may not share a port or a
 * volume, and is removed last, off the way of the start.
 */
function replace({ desired, container }: Situation, because: string): Plan {
  const { target, module } = desired;
  if (target === undefined) return NOTHING;
  const [created, started] = create(module, target, container.owner.slot, because);
  const removal = remove(container, because);
  const stops = removal.filter((action) => action.kind === 'stopContainer');
  const removes = removal.filter((action) => action.kind === 'removeContainer');
  return { actions: [created, ...stops, started, ...removes], waits: [] };
}

/** The same container anew: its name has to be free first. */
function remake({ desired, container }: Situation, because: string): Plan {
  const { target, module } = desired;
  // Without a target nothing could take its place, so it is left for a person to see.
  if (target === undefined) return NOTHING;
  const made = create(module, target, container.owner.slot, because);
  return { actions: [...remove(container, because), ...made], waits: [] };
}

const NOTHING: Plan = { actions: [], waits: [] };

function revisionReason({ container, desired }: Situation): string {
  const wanted = desired.target?.revision.slice(0, 7);
  return `revision ${container.owner.revision.slice(0, 7)} gives way to ${wanted}`;
}

/** What can be put right on the container as it is. */
function adjust({ desired, container }: Situation): Action[] {
  const { id, owner, name, state, address } = container;
  const { slot } = owner;
  const wanted = containerName(owner);
  const actions: Action[] = [];
  if (name !== wanted) {
    const because = `it was renamed to ${name}`;
    actions.push({ kind: 'renameContainer', slot, because, id, name: wanted, from: name });
  }
  if (desired.target !== undefined && limitsDiffer(container, desired.target)) {
    const { limits } = desired.target;
    const because = describeLimits(container.limits, limits);
    actions.push({ kind: 'updateLimits', slot, because, id, name: wanted, limits });
  }
  if (state === 'running' && address === '') {
    const because = 'it is not on its network';
    actions.push({ kind: 'connectContainer', slot, because, id, name: wanted });
  }
  if (state === 'paused') {
    actions.push({ kind: 'unpauseContainer', slot, because: 'it is paused', id, name: wanted });
  }
  return actions;
}

/** Starts a container that does not run, once its crash-loop delay has passed. */
function startAgain({ container, history, now }: Situation): Plan {
  const { state, id, owner } = container;
  if (state !== 'exited' && state !== 'created') return { actions: [], waits: [] };
  const because = stoppedReason(container);
  const until = Date.parse(history.retryAt ?? '');
  if (until > now) return { actions: [], waits: [{ slot: owner.slot, until, because }] };
  const name = containerName(owner);
  return {
    actions: [{ kind: 'startContainer', slot: owner.slot, because, id, name }],
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
