import type { Module } from '../../model/module.js';
import type { ConfigAction } from './action.js';
import { ownerFileOf } from './draft.js';
import { claimsByName, judge } from './judge.js';
import type { Vanished } from './judge.js';
import { holdAll, prune } from './prune.js';
import type { Prune } from './prune.js';
import { isSettled, sightOne } from './settle.js';
import type { Sighting } from './settle.js';
import type { ConfigSnapshot } from './snapshot.js';
import type { HeldPrune } from './status.js';

/** A checkout or a sync moves modules between files one file after the other. */
export const VANISH_MS = 1_000;

export interface ConfigInput {
  readonly snapshot: ConfigSnapshot;
  readonly modules: readonly Module[];
  /** Names whose deletion was confirmed. */
  readonly confirmed: ReadonlySet<string>;
  /** `vanished` of the plan before. */
  readonly vanished: Sighting | undefined;
  readonly nowMs: number;
}

export interface ConfigPlan {
  /** Sorted by name; nothing for a module that is as its file declares it. */
  readonly actions: readonly ConfigAction[];
  readonly held: HeldPrune | undefined;
  /** Which modules are declared no more, and since when. */
  readonly vanished: Sighting;
  /** True when they have not been gone for long enough: plan again soon. */
  readonly hasFresh: boolean;
}

/**
 * What makes the registry say what the files say. A module belongs to the file in its annotation:
 * only the absence of a declaration that has lasted for VANISH_MS, in a directory where nothing is
 * changing, deletes a module, and not when too many go at once (see `prune`).
 */
export function planConfig(input: ConfigInput): ConfigPlan {
  const { snapshot, modules, confirmed, nowMs } = input;
  if (snapshot.directory.kind !== 'present') {
    const vanished = sightOne(input.vanished, '', nowMs);
    return planOf([], holdAll(ownedBy(modules), snapshot.directory, confirmed), vanished, false);
  }
  const { actions, gone, declaresAny } = judgeAll(snapshot, modules);
  const names = gone.map(({ module }) => module.metadata.name);
  const vanished = sightOne(input.vanished, names.join(), nowMs);
  const isChanging = [...snapshot.files.values()].some((file) => !file.settled);
  const isFresh = isChanging || !isSettled(vanished, VANISH_MS);
  const isReady = ({ module }: Vanished): boolean =>
    !isFresh || confirmed.has(module.metadata.name);
  const ready = gone.filter(isReady);
  const owned = ownedBy(modules).length;
  const pruned = prune({ vanished: ready, owned, declaresAny, confirmed });
  const waits = gone.filter((one) => !isReady(one)).map(waitAction);
  return planOf([...actions, ...waits], pruned, vanished, waits.length > 0);
}

function judgeAll(
  snapshot: ConfigSnapshot,
  modules: readonly Module[],
): { actions: ConfigAction[]; gone: Vanished[]; declaresAny: boolean } {
  const claims = claimsByName(snapshot.files);
  const stored = new Map(modules.map((module) => [module.metadata.name, module]));
  const names = new Set([...claims.keys(), ...stored.keys()]);
  const judgements = [...names]
    .toSorted()
    .map((name) => judge(name, claims.get(name) ?? [], stored.get(name), snapshot.files));
  return {
    actions: judgements.flatMap(({ actions }) => actions),
    gone: judgements.flatMap(({ vanished }) => vanished ?? []),
    declaresAny: claims.size > 0,
  };
}

function ownedBy(modules: readonly Module[]): Vanished[] {
  return modules.flatMap((module) => {
    const file = ownerFileOf(module);
    const isDeleted = module.metadata.deletionTimestamp !== undefined;
    return file === undefined || isDeleted ? [] : [{ module, file }];
  });
}

function waitAction({ module }: Vanished): ConfigAction {
  const { name } = module.metadata;
  return { kind: 'wait', name, because: 'no file declares it since a moment' };
}

function planOf(
  actions: readonly ConfigAction[],
  pruned: Prune,
  vanished: Sighting,
  hasFresh: boolean,
): ConfigPlan {
  const all = [...actions, ...pruned.actions].toSorted(byName);
  return { actions: all, held: pruned.held, vanished, hasFresh };
}

function byName(a: ConfigAction, b: ConfigAction): number {
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
