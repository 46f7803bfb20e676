import { timestamp } from '../../lib/clock.js';
import type { Module } from '../../model/module.js';
import { isSettled } from './member.js';
import type { Member, Stage, Wanted } from './member.js';
import { membersOf } from './members.js';
import type { SetInput } from './members.js';

/** What is to be done about one module of a set, and why. */
export type SetAction =
  | { readonly kind: 'create'; readonly wanted: Wanted; readonly because: string }
  | {
      readonly kind: 'update';
      readonly wanted: Wanted;
      readonly module: Module;
      readonly because: string;
    }
  | { readonly kind: 'delete'; readonly module: Module; readonly because: string };

export interface SetPlan {
  readonly actions: readonly SetAction[];
  /** In the order of the instances, with what is to be remembered once the actions are taken. */
  readonly members: readonly Member[];
  /** The module for which the rollout has stopped, if it has. */
  readonly stoppedBy: Member | undefined;
  /** When time alone will change something, in milliseconds since 1970. */
  readonly until: number | undefined;
}

/**
 * What brings the modules of a set closer to what it wants. Pure, and level-based: it depends on
 * what is stored alone. A module is made or deleted at once. One that is there is changed only while
 * fewer than `maxUnavailable` are on their way, and none while one that was well before is not well
 * with the template.
 */
export function nextSteps(input: SetInput): SetPlan {
  const members = membersOf(input);
  const isRolling = members.some(({ stage }) => stage === 'outdated');
  const stoppedBy = isRolling ? members.find(({ stage }) => stage === 'failed') : undefined;
  const creations = stoppedBy === undefined ? members.filter(isAt('missing')) : [];
  const updates =
    stoppedBy === undefined && !input.set.spec.rollout.paused ? chosen(members, input) : [];
  const begun = new Set([...creations, ...updates]);
  const untils = members.flatMap(({ until }) => until ?? []);
  return {
    actions: [
      ...surplus(input),
      ...creations.map(({ wanted }) => creation(wanted)),
      ...updates.flatMap(change),
    ],
    members: members.map((member) => (begun.has(member) ? begin(member, input.now) : member)),
    stoppedBy,
    until: untils.length === 0 ? undefined : Math.min(...untils),
  };
}

const isAt =
  (...stages: Stage[]) =>
  ({ stage }: Member): boolean =>
    stages.includes(stage);

/** A change that the status says was begun, which is not known to have been made. */
const isBegun = ({ stage, memory }: Member): boolean =>
  stage === 'outdated' && memory.updatedAt !== undefined && memory.settledAt === undefined;

/** Those to change now: first what was begun, then what is not well, as that costs nothing. */
function chosen(members: readonly Member[], { set }: SetInput): Member[] {
  const outdated = members.filter(isAt('outdated'));
  const begun = outdated.filter(isBegun);
  const fresh = outdated.filter((member) => !isBegun(member));
  const isWell = ({ module }: Member): boolean => module !== undefined && isSettled(module);
  const ordered = [...fresh.filter((one) => !isWell(one)), ...fresh.filter(isWell)];
  const underWay = members.filter(isAt('under-way', 'baking')).length + begun.length;
  const room = Math.max(0, set.spec.rollout.maxUnavailable - underWay);
  return [...begun, ...ordered.slice(0, room)];
}

function surplus({ wanted, owned }: SetInput): SetAction[] {
  const names = new Set(wanted.map(({ manifest }) => manifest.metadata.name));
  const because = 'the set has no such instance';
  return [...owned.values()]
    .filter(({ metadata }) => !names.has(metadata.name) && metadata.deletionTimestamp === undefined)
    .map((module) => ({ kind: 'delete', module, because }));
}

const creation = (wanted: Wanted): SetAction => ({
  ...{ kind: 'create', wanted, because: 'the set has this instance' },
});

function change({ wanted, module }: Member): SetAction[] {
  if (module === undefined) return [];
  return [{ kind: 'update', wanted, module, because: 'the template of the set changed' }];
}

/** What is remembered before the module is made or changed, so that a restart in between does no harm. */
function begin(member: Member, now: number): Member {
  const { wanted, module } = member;
  if (isBegun(member)) return member;
  const { template } = wanted;
  const readyBefore = module !== undefined && isSettled(module);
  return { ...member, memory: { template, updatedAt: timestamp(now), readyBefore } };
}
