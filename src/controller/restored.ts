import type { ObservedContainer } from '../model/container.js';
import type { Module } from '../model/module.js';
import { RESTORE_HELD_ANNOTATION } from '../model/names.js';
import { findRevision } from './blueprint.js';
import type { ReconcileContext } from './context.js';
import type { Outcome } from './outcome.js';

/**
 * Why nothing is done for a module of a restored store: it has containers of revisions that the
 * store has never heard of, so that its spec may be older than what runs. undefined without such.
 */
export function heldByRestore(
  { metadata }: Module,
  { observer, registry }: Pick<ReconcileContext, 'observer' | 'registry'>,
): Outcome | undefined {
  if (metadata.annotations?.[RESTORE_HELD_ANNOTATION] !== 'true') return undefined;
  const { name, uid } = metadata;
  const isKnown = ({ owner }: ObservedContainer): boolean =>
    owner.uid === uid && findRevision(name, owner.revision, registry) !== undefined;
  const strangers = observer.containersOf(name).filter((one) => !isKnown(one));
  if (strangers.length === 0) return undefined;
  const names = strangers.map((one) => `"${one.name}"`).join(', ');
  const message =
    `The restored store does not know ${names}, so nothing is changed: apply the spec that they ` +
    `were made from, then run "registrar adopt ${name}"`;
  return { kind: 'waiting', reason: 'RestoreHeld', message };
}
