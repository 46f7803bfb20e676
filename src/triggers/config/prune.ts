import { keyText } from '../../model/kinds.js';
import { wantedReplicas } from '../../model/module-set.js';
import { PRUNE_HELD_ANNOTATION } from '../../model/names.js';
import type { ConfigAction } from './action.js';
import { countOf, ofCount } from './counts.js';
import { keyOf } from './draft.js';
import type { Vanished } from './judge.js';
import type { HeldPrune } from './status.js';

/** Fewer than this may vanish at once, whatever their share: an everyday edit. */
const BRAKE_COUNT = 3;

/** A greater share that vanishes at once looks like an accident. */
const BRAKE_SHARE = 0.5;

export interface PruneInput {
  readonly vanished: readonly Vanished[];
  /** What files own, the vanished among them. */
  readonly owned: readonly Vanished[];
  /** True when any file declares anything. */
  readonly declaresAny: boolean;
  /** Those whose deletion was confirmed, as `keyText` writes them. */
  readonly confirmed: ReadonlySet<string>;
}

export interface Prune {
  readonly actions: readonly ConfigAction[];
  readonly held: HeldPrune | undefined;
}

/**
 * Deletes what vanished, or holds it when it looks like an accident. While some are held nothing
 * else is deleted: a directory that is being lost rarely goes all at once.
 */
export function prune(input: PruneInput): Prune {
  const { sure, rest } = splitConfirmed(input.vanished, input.confirmed);
  const owned = splitConfirmed(input.owned, input.confirmed).rest;
  const reason = brake({ ...input, vanished: rest, owned });
  if (reason === undefined) return { actions: input.vanished.map(deletion), held: undefined };
  const objects = rest.map(({ stored }) => keyOf(stored));
  const held = { reason, message: heldMessage(reason, rest, owned), objects };
  return { actions: [...sure.map(deletion), ...rest.map((one) => hold(one, reason))], held };
}

function splitConfirmed(
  vanished: readonly Vanished[],
  confirmed: ReadonlySet<string>,
): { sure: Vanished[]; rest: Vanished[] } {
  const isSure = ({ stored }: Vanished): boolean => confirmed.has(keyText(keyOf(stored)));
  return { sure: vanished.filter(isSure), rest: vanished.filter((one) => !isSure(one)) };
}

function brake(input: PruneInput): HeldPrune['reason'] | undefined {
  const { vanished, owned } = input;
  if (vanished.length === 0) return undefined;
  if (!input.declaresAny && vanished.length === owned.length) return 'DirectoryEmpty';
  // Also of each kind by itself: many policies must not make the loss of all modules look small.
  const kinds = new Set(vanished.map(({ stored }) => stored.kind));
  const isMany = [undefined, ...kinds].some((kind) => areMany(of(kind, vanished), of(kind, owned)));
  return isMany || vanished.some(isMarked) ? 'TooManyVanished' : undefined;
}

const of = (kind: string | undefined, all: readonly Vanished[]): readonly Vanished[] =>
  kind === undefined ? all : all.filter(({ stored }) => stored.kind === kind);

function areMany(vanished: readonly Vanished[], owned: readonly Vanished[]): boolean {
  const lost = weightOf(vanished);
  return lost > BRAKE_COUNT && lost > weightOf(owned) * BRAKE_SHARE;
}

/** What would go with some objects: a set counts as the modules that it takes with it. */
const weightOf = (objects: readonly Vanished[]): number =>
  objects.reduce((sum, { stored }) => sum + modulesIn(stored), 0);

const modulesIn = (stored: Vanished['stored']): number =>
  stored.kind === 'ModuleSet' ? Math.max(1, wantedReplicas(stored.spec)) : 1;

function isMarked({ stored }: Vanished): boolean {
  return stored.metadata.annotations?.[PRUNE_HELD_ANNOTATION] !== undefined;
}

function deletion({ stored, file }: Vanished): ConfigAction {
  return { kind: 'delete', object: keyOf(stored), uid: stored.metadata.uid, file };
}

function hold(vanished: Vanished, reason: HeldPrune['reason']): ConfigAction {
  const { stored, file } = vanished;
  return { kind: 'hold', object: keyOf(stored), file, reason, mark: !isMarked(vanished) };
}

/** How a hold ends. */
const CONFIRM = 'the removal is confirmed (registrar config confirm-prune)';
const UNTIL = `until the files are back or ${CONFIRM}`;

function heldMessage(
  reason: HeldPrune['reason'],
  held: readonly Vanished[],
  owned: readonly Vanished[],
): string {
  return reason === 'DirectoryEmpty'
    ? `Config directory declares nothing any more; ${theirs(held)} ${UNTIL}`
    : `No file declares ${ofCount(held, owned)} any more; they stay ${UNTIL}`;
}

/** `its module stays`, `its 4 modules stay` */
const theirs = (held: readonly Vanished[]): string =>
  `its ${countOf(held)} ${held.length === 1 ? 'stays' : 'stay'}`;

/** All objects of a directory that cannot be listed stay, but for those that were confirmed. */
export function holdAll(
  owned: readonly Vanished[],
  directory: { readonly kind: 'missing' | 'unreadable'; readonly message: string },
  confirmed: ReadonlySet<string>,
): Prune {
  const { sure, rest } = splitConfirmed(owned, confirmed);
  if (rest.length === 0) return { actions: sure.map(deletion), held: undefined };
  const reason = directory.kind === 'missing' ? 'DirectoryMissing' : 'DirectoryUnreadable';
  const message = `${directory.message}; ${theirs(rest)} until it is back or ${CONFIRM}`;
  const objects = rest.map(({ stored }) => keyOf(stored));
  const holds = rest.map((one) => hold(one, reason));
  return { actions: [...sure.map(deletion), ...holds], held: { reason, message, objects } };
}
