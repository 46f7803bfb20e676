import { mapBounded } from '../../lib/bounded.js';
import { inRounds } from '../../lib/rounds.js';
import { isRegistrarError, RegistrarError, toRegistrarError } from '../../model/errors.js';
import { referenceTo } from '../../model/event.js';
import type { NewEvent } from '../../model/event.js';
import { PRUNE_HELD_ANNOTATION } from '../../model/names.js';
import { DECLARED_KINDS } from '../../kinds/declared.js';
import type { DeclaredObject } from '../../kinds/declared.js';
import type { DeclaredKind } from '../../model/kinds.js';
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
 * Stores what a plan asks for, each action for itself: one bad object does not stop the others. One
 * kind after the other, so that no module is verified by an older policy than the one beside it;
 * `onKind` is told after each. `now` is RFC 3339.
 */
export async function applyActions(
  registry: Store,
  actions: readonly ConfigAction[],
  now: string,
  onKind: (kind: DeclaredKind, refusals: readonly Refusal[]) => void,
): Promise<Applied> {
  const writes = actions.filter(isWrite);
  const results: Applied[] = [];
  for (const kind of DECLARED_KINDS) {
    const ofKind = writes.filter(({ object }) => object.kind === kind);
    const some = await inRounds(
      ofKind,
      (left) => mapBounded(left, AT_ONCE, (action) => attempt(registry, action, now)),
      ({ refusals }) => refusals.some(mayPass),
    );
    results.push(...some);
    onKind(
      kind,
      some.flatMap(({ refusals }) => refusals),
    );
  }
  return {
    done: results.flatMap(({ done }) => done),
    refusals: results.flatMap(({ refusals }) => refusals),
    events: results.flatMap(({ events }) => events),
  };
}

/** Another action of the same plan may take away what stands against it. */
const mayPass = ({ error }: Refusal): boolean =>
  isRegistrarError(error, 'MODULE_NEEDED', 'DEPENDENCY_CYCLE');

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
  const { kind, name } = action.object;
  switch (action.kind) {
    case 'create':
      await registry.create<DeclaredKind>(
        kind,
        recordedDraft(action.declaration, undefined, now),
        audited(action),
      );
      return undefined;
    case 'update':
      return update(registry, action, now);
    case 'delete':
      await registry.delete(kind, name, { uid: action.uid, ...audited(action) });
      return removedEvent(action);
    case 'hold':
      await registry.update<DeclaredKind>(
        kind,
        name,
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
  const { object, declaration, from } = action;
  const change = (current: DeclaredObject): Draft<DeclaredKind> => {
    checkOwner(current, from);
    return recordedDraft(declaration, current, now);
  };
  const { kind, name } = object;
  const { stored } = await registry.update<DeclaredKind>(kind, name, change, audited(action));
  return declaration.file === from ? undefined : movedEvent(action, stored.object.metadata.uid);
}

function mark(current: DeclaredObject, { file, reason }: ActionOf<'hold'>): Draft<DeclaredKind> {
  checkOwner(current, file);
  const annotations = { ...current.metadata.annotations, [PRUNE_HELD_ANNOTATION]: reason };
  return { ...current, metadata: { ...current.metadata, annotations } };
}

/** A plan is made before its writes; the object may be another one by then. */
function checkOwner(current: DeclaredObject, file: string): void {
  if (ownerFileOf(current) === file) return;
  const { kind, metadata } = current;
  throw new RegistrarError(
    'CONFLICT',
    `${kind} "${metadata.name}" no longer belongs to file "${file}"`,
  );
}

function movedEvent({ object, from, declaration }: ActionOf<'update'>, uid: string): NewEvent {
  const what = object.kind.toLowerCase();
  const message = `File "${declaration.file}" declares the ${what} now, before it was "${from}"`;
  return {
    about: referenceTo(object, uid),
    type: 'Normal',
    reason: 'ConfigFileChanged',
    message,
  };
}

function removedEvent({ object, uid, file }: ActionOf<'delete'>): NewEvent {
  const what = object.kind.toLowerCase();
  const message = `Deleted the ${what} because file "${file}" declares it no more`;
  return {
    about: referenceTo(object, uid),
    type: 'Normal',
    reason: 'ConfigFileRemoved',
    message,
  };
}
