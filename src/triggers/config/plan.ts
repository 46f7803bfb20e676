import type { DeclaredObject } from '../../kinds/declared.js';
import { DECLARED_KINDS } from '../../kinds/declared.js';
import { keyText } from '../../model/kinds.js';
import type { ConfigAction } from './action.js';
import { keyOf, ownerFileOf } from './draft.js';
import { casesOf, judge } from './judge.js';
import type { Vanished } from './judge.js';
import { holdAll, prune } from './prune.js';
import type { Prune } from './prune.js';
import { isSettled, sightOne } from './settle.js';
import type { Sighting } from './settle.js';
import type { ConfigSnapshot } from './snapshot.js';
import type { HeldPrune } from './status.js';

/** A checkout or a sync moves objects between files one file after the other. */
export const VANISH_MS = 1_000;

export interface ConfigInput {
  readonly snapshot: ConfigSnapshot;
  /** All that are stored of the kinds that files may declare. */
  readonly objects: readonly DeclaredObject[];
  /** Those whose deletion was confirmed, as `keyText` writes them. */
  readonly confirmed: ReadonlySet<string>;
  /** `vanished` of the plan before. */
  readonly vanished: Sighting | undefined;
  readonly nowMs: number;
}

export interface ConfigPlan {
  /** Sorted by kind and name; nothing for an object that is as its file declares it. */
  readonly actions: readonly ConfigAction[];
  readonly held: HeldPrune | undefined;
  /** Which objects are declared no more, and since when. */
  readonly vanished: Sighting;
  /** True when they have not been gone for long enough: plan again soon. */
  readonly hasFresh: boolean;
}

/**
 * What makes the registry say what the files say. An object belongs to the file in its annotation:
 * only the absence of a declaration that has lasted for VANISH_MS, in a directory where nothing is
 * changing, deletes an object, and not when too many go at once (see `prune`).
 */
export function planConfig(input: ConfigInput): ConfigPlan {
  const { snapshot, objects, confirmed, nowMs } = input;
  if (snapshot.directory.kind !== 'present') {
    const vanished = sightOne(input.vanished, '', nowMs);
    return planOf([], holdAll(ownedIn(objects), snapshot.directory, confirmed), vanished, false);
  }
  const { actions, gone, declaresAny } = judgeAll(snapshot, objects);
  const vanished = sightOne(input.vanished, gone.map(textOf).join(), nowMs);
  const isChanging = [...snapshot.files.values()].some((file) => !file.settled);
  const isFresh = isChanging || !isSettled(vanished, VANISH_MS);
  const isReady = (one: Vanished): boolean => !isFresh || confirmed.has(textOf(one));
  const ready = gone.filter(isReady);
  const owned = ownedIn(objects);
  const pruned = prune({ vanished: ready, owned, declaresAny, confirmed });
  const waits = gone.filter((one) => !isReady(one)).map(waitAction);
  return planOf([...actions, ...waits], pruned, vanished, waits.length > 0);
}

function judgeAll(
  snapshot: ConfigSnapshot,
  objects: readonly DeclaredObject[],
): { actions: ConfigAction[]; gone: Vanished[]; declaresAny: boolean } {
  const cases = casesOf(snapshot.files, objects).toSorted(byKindAndName);
  const judgements = cases.map((one) => judge(one, snapshot.files));
  return {
    actions: judgements.flatMap(({ actions }) => actions),
    gone: judgements.flatMap(({ vanished }) => vanished ?? []),
    declaresAny: cases.some(({ claims }) => claims.length > 0),
  };
}

type Keyed = Pick<ConfigAction, 'object'>;

function ownedIn(objects: readonly DeclaredObject[]): Vanished[] {
  return objects.flatMap((stored) => {
    const file = ownerFileOf(stored);
    const isDeleted = stored.metadata.deletionTimestamp !== undefined;
    return file === undefined || isDeleted ? [] : [{ stored, file }];
  });
}

const textOf = ({ stored }: Vanished): string => keyText(keyOf(stored));

function waitAction({ stored }: Vanished): ConfigAction {
  return { kind: 'wait', object: keyOf(stored), because: 'no file declares it since a moment' };
}

function planOf(
  actions: readonly ConfigAction[],
  pruned: Prune,
  vanished: Sighting,
  hasFresh: boolean,
): ConfigPlan {
  const all = [...actions, ...pruned.actions].toSorted(byKindAndName);
  return { actions: all, held: pruned.held, vanished, hasFresh };
}

function byKindAndName({ object: a }: Keyed, { object: b }: Keyed): number {
  if (a.kind !== b.kind) return DECLARED_KINDS.indexOf(a.kind) - DECLARED_KINDS.indexOf(b.kind);
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}
