import { mapBounded } from '../../lib/bounded.js';
import { RegistrarError, toRegistrarError } from '../../model/errors.js';
import { moduleReference } from '../../model/event.js';
import type { NewEvent } from '../../model/event.js';
import { PRUNE_HELD_ANNOTATION } from '../../model/names.js';
import type { Module } from '../../model/module.js';
import type { Draft, Registry, WriteOptions } from '../../registry/registry.js';
import type { ConfigAction } from './action.js';
import { auditEntryOf } from './audit-entry.js';
import { ownerFileOf, recordedDraft } from './draft.js';

type Store = Pick<Registry, 'create' | 'update' | 'delete'>;
type ActionOf<K extends ConfigAction['kind']> = Extract<ConfigAction, { kind: K }>;

/** An action that the registry did not take. The next plan asks for it again. */
export interface Refusal {
  readonly action: ConfigAction;
  readonly error: RegistrarError;
}

export interface Applied {
  readonly done: readonly ConfigAction[];
  readonly refusals: readonly Refusal[];
  readonly events: readonly NewEvent[];
}

/** Writes that arrive together commit together; a bound on what is in flight. */
const AT_ONCE = 100;

/**
 * Stores what a plan asks for, each action for itself: one bad module does not stop the others. `now`
 * is RFC 3339.
 */
export async function applyActions(
  registry: Store,
  actions: readonly ConfigAction[],
  now: string,
): Promise<Applied> {
  const writes = actions.filter(isWrite);
  const results = await mapBounded(writes, AT_ONCE, (action) => attempt(registry, action, now));
  return {
    done: results.flatMap(({ done }) => done),
    refusals: results.flatMap(({ refusals }) => refusals),
    events: results.flatMap(({ events }) => events),
  };
}

function isWrite(action: ConfigAction): boolean {
  if (action.kind === 'hold') return action.mark;
  return action.kind === 'create' || action.kind === 'update' || action.kind === 'delete';
}

async function attempt(registry: Store, action: ConfigAction, now: string): Promise<Applied> {
  try {
    const event = await store(registry, action, now);
    return { done: [action], refusals: [], events: event === undefined ? [] : [event] };
  } catch (error) {
    return { done: [], refusals: [{ action, error: toRegistrarError(error) }], events: [] };
  }
}

/** Resolves to what is worth telling about it. */
async function store(
  registry: Store,
  action: ConfigAction,
  now: string,
): Promise<NewEvent | undefined> {
  switch (action.kind) {
    case 'create':
      await registry.create(
        'Module',
        recordedDraft(action.declaration, undefined, now),
        audited(action),
      );
      return undefined;
    case 'update':
      return update(registry, action, now);
    case 'delete':
      await registry.delete('Module', action.name, { uid: action.uid, ...audited(action) });
      return removedEvent(action);
    case 'hold':
      await registry.update(
        'Module',
        action.name,
        (current) => mark(current, action),
        audited(action),
      );
      return undefined;
    case 'keep':
    case 'wait':
    case 'conflict':
      return undefined;
  }
}

const audited = (action: ConfigAction): WriteOptions => ({ audit: auditEntryOf(action) });

async function update(
  registry: Store,
  action: ActionOf<'update'>,
  now: string,
): Promise<NewEvent | undefined> {
  const { name, declaration, from } = action;
  const change = (current: Module): Draft<'Module'> => {
    checkOwner(current, from);
    return recordedDraft(declaration, current, now);
  };
  const { stored } = await registry.update('Module', name, change, audited(action));
  return declaration.file === from ? undefined : movedEvent(action, stored.object.metadata.uid);
}

function mark(current: Module, { file, reason }: ActionOf<'hold'>): Draft<'Module'> {
  checkOwner(current, file);
  const annotations = { ...current.metadata.annotations, [PRUNE_HELD_ANNOTATION]: reason };
  return { ...current, metadata: { ...current.metadata, annotations } };
}

/** A plan is made before its writes; the module may be another one by then. */
function checkOwner(current: Module, file: string): void {
  if (ownerFileOf(current) === file) return;
  const { name } = current.metadata;
  throw new RegistrarError('CONFLICT', `Module "${name}" no longer belongs to file "${file}"`);
}

function movedEvent({ name, from, declaration }: ActionOf<'update'>, uid: string): NewEvent {
  const message = `File "${declaration.file}" declares the module now, before it was "${from}"`;
  return {
    about: moduleReference(name, uid),
    type: 'Normal',
    reason: 'ConfigFileChanged',
    message,
  };
}

function removedEvent({ name, uid, file }: ActionOf<'delete'>): NewEvent {
  const message = `Deleted the module because file "${file}" declares it no more`;
  return {
    about: moduleReference(name, uid),
    type: 'Normal',
    reason: 'ConfigFileRemoved',
    message,
  };
}
