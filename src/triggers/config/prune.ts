import { PRUNE_HELD_ANNOTATION } from '../../model/names.js';
import type { ConfigAction } from './action.js';
import type { Vanished } from './judge.js';
import type { HeldPrune } from './status.js';

/** Fewer than this may vanish at once, whatever their share: an everyday edit. */
const BRAKE_COUNT = 3;

/** A greater share that vanishes at once looks like an accident. */
const BRAKE_SHARE = 0.5;

export interface PruneInput {
  readonly vanished: readonly Vanished[];
  /** Modules that files own, the vanished ones among them. */
  readonly owned: number;
  /** True when any file declares anything. */
  readonly declaresAny: boolean;
  /** Names whose deletion was confirmed. */
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
  const owned = input.owned - sure.length;
  const reason = brake({ ...input, vanished: rest, owned });
  if (reason === undefined) return { actions: input.vanished.map(deletion), held: undefined };
  const modules = rest.map(({ module }) => module.metadata.name);
  const held = { reason, message: heldMessage(reason, modules.length, owned), modules };
  return { actions: [...sure.map(deletion), ...rest.map((one) => hold(one, reason))], held };
}

function splitConfirmed(
  vanished: readonly Vanished[],
  confirmed: ReadonlySet<string>,
): { sure: Vanished[]; rest: Vanished[] } {
  const isSure = ({ module }: Vanished): boolean => confirmed.has(module.metadata.name);
  return { sure: vanished.filter(isSure), rest: vanished.filter((one) => !isSure(one)) };
}

function brake(input: PruneInput): HeldPrune['reason'] | undefined {
  const { vanished, owned } = input;
  if (vanished.length === 0) return undefined;
  if (!input.declaresAny && vanished.length === owned) return 'DirectoryEmpty';
  const isMany = vanished.length > BRAKE_COUNT && vanished.length > owned * BRAKE_SHARE;
  return isMany || vanished.some(isMarked) ? 'TooManyVanished' : undefined;
}

function isMarked({ module }: Vanished): boolean {
  return module.metadata.annotations?.[PRUNE_HELD_ANNOTATION] !== undefined;
}

function deletion({ module, file }: Vanished): ConfigAction {
  return { kind: 'delete', name: module.metadata.name, uid: module.metadata.uid, file };
}

function hold(vanished: Vanished, reason: HeldPrune['reason']): ConfigAction {
  const { module, file } = vanished;
  return { kind: 'hold', name: module.metadata.name, file, reason, mark: !isMarked(vanished) };
}

/** How a hold ends. */
const CONFIRM = 'the removal is confirmed (registrar config confirm-prune)';
const UNTIL = `until the files are back or ${CONFIRM}`;

function heldMessage(reason: HeldPrune['reason'], held: number, owned: number): string {
  const theirs = held === 1 ? 'its module stays' : `its ${held} modules stay`;
  return reason === 'DirectoryEmpty'
    ? `Config directory declares nothing any more; ${theirs} ${UNTIL}`
    : `No file declares ${held} of ${owned} modules any more; they stay ${UNTIL}`;
}

/** All modules of a directory that cannot be listed stay, but for those that were confirmed. */
export function holdAll(
  owned: readonly Vanished[],
  directory: { readonly kind: 'missing' | 'unreadable'; readonly message: string },
  confirmed: ReadonlySet<string>,
): Prune {
  const { sure, rest } = splitConfirmed(owned, confirmed);
  if (rest.length === 0) return { actions: sure.map(deletion), held: undefined };
  const reason = directory.kind === 'missing' ? 'DirectoryMissing' : 'DirectoryUnreadable';
  const theirs = rest.length === 1 ? 'its module stays' : `its ${rest.length} modules stay`;
  const message = `${directory.message}; ${theirs} until it is back or ${CONFIRM}`;
  const modules = rest.map(({ module }) => module.metadata.name);
  const holds = rest.map((one) => hold(one, reason));
  return { actions: [...sure.map(deletion), ...holds], held: { reason, message, modules } };
}
