import { timestamp } from '../../lib/clock.js';
import type { Module } from '../../model/module.js';
import type { ModuleSet } from '../../model/module-set.js';
import { hasFailed, isCurrent, isSettled, isTroubled, unreadySince } from './member.js';
import type { Member, Memory, Wanted } from './member.js';

/**
 * Trouble that a module tells of counts as a failure when it lasts this long: a store, a policy or an
 * engine that is not there yet, as after a start, is no word about a template.
 */
const TROUBLE_MS = 30_000;

/** What there is to look at. */
export interface SetInput {
  readonly set: ModuleSet;
  /** What the set stands for, in the order of its instances. */
  readonly wanted: readonly Wanted[];
  /** The modules that belong to the set, by name. */
  readonly owned: ReadonlyMap<string, Module>;
  /** Names of all other modules. */
  readonly others: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Where each instance stands, from its module and from what the status remembers. */
export function membersOf(input: SetInput): Member[] {
  const remembered = new Map(input.set.status.instances.map((one) => [one.name, one]));
  return input.wanted.map((wanted) => {
    const { template, updatedAt, readyBefore, settledAt } = remembered.get(wanted.instance) ?? {};
    const isSame = template === wanted.template && updatedAt !== undefined;
    const memory: Memory | undefined = isSame
      ? {
          ...{ template, updatedAt, readyBefore: readyBefore === true },
          ...(settledAt === undefined ? {} : { settledAt }),
        }
      : undefined;
    return memberOf(input, wanted, memory);
  });
}

function memberOf(
  { set, owned, others, now }: SetInput,
  wanted: Wanted,
  memory: Memory | undefined,
): Member {
  const { name } = wanted.manifest.metadata;
  const module = owned.get(name);
  const stands = (stage: Member['stage']): Member => ({
    ...{ wanted, module, stage, memory: memory ?? {} },
  });
  if (module === undefined) return stands(others.has(name) ? 'conflict' : 'missing');
  if (module.metadata.deletionTimestamp !== undefined) return stands('terminating');
  if (!isCurrent(module, wanted, set)) return stands('outdated');
  const begun = memory ?? { template: wanted.template, updatedAt: timestamp(now) };
  return followed(module, wanted, begun, set.spec.rollout, now);
}

/** Where a module stands that is as the template says. */
function followed(
  module: Module,
  wanted: Wanted,
  { settledAt, ...memory }: Memory,
  { bakeSeconds, progressDeadlineSeconds }: ModuleSet['spec']['rollout'],
  now: number,
): Member {
  const known = { wanted, module };
  const wasWell = memory.readyBefore === true || settledAt !== undefined;
  if (isSettled(module)) {
    const since = settledAt ?? timestamp(now);
    const until = Date.parse(since) + bakeSeconds * 1000;
    const settled = { ...known, memory: { ...memory, settledAt: since } };
    return until > now ? { ...settled, stage: 'baking', until } : { ...settled, stage: 'done' };
  }
  const began = Math.max(Date.parse(memory.updatedAt ?? ''), unreadySince(module) ?? 0);
  const patienceMs = Math.min(
    progressDeadlineSeconds * 1000,
    isTroubled(module) ? TROUBLE_MS : Infinity,
  );
  const until = began + patienceMs;
  const unwell = { ...known, memory: { ...memory, readyBefore: wasWell } };
  if (!hasFailed(module) && until > now) return { ...unwell, stage: 'under-way', until };
  return { ...unwell, stage: wasWell ? 'failed' : 'given-up' };
}
