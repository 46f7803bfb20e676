import { findCondition } from '../../model/conditions.js';
import type { Clock } from '../../lib/clock.js';
import { formatFinding } from '../../manifest/finding.js';
import { isRegistrarError, toRegistrarError } from '../../model/errors.js';
import type { RegistrarError } from '../../model/errors.js';
import type { AuditEntry } from '../../model/audit.js';
import type { NewEvent } from '../../model/event.js';
import { referenceTo } from '../../model/event.js';
import { MODULE, resourceOf } from '../../model/kinds.js';
import type { Module } from '../../model/module.js';
import type { ModuleSet } from '../../model/module-set.js';
import { MODULES_FINALIZER } from '../../model/names.js';
import { owningSet } from '../../model/owner.js';
import { expand } from '../../kinds/module-set/expand.js';
import type { Expansion } from '../../kinds/module-set/expand.js';
import { stampedDraft } from '../../plan/sets/member.js';
import type { SetInput } from '../../plan/sets/members.js';
import { nextSteps } from '../../plan/sets/next.js';
import type { SetAction, SetPlan } from '../../plan/sets/next.js';
import { setStatusOf } from '../../plan/sets/status.js';
import type { Problem } from '../../plan/sets/status.js';
import type { Draft, Registry } from '../../registry/registry.js';

/** What a pass over a set works with. */
export interface SetContext {
  readonly registry: Registry;
  readonly clock: Clock;
  /** Records an event; never rejects. */
  readonly record: (event: NewEvent) => void;
}

/**
 * Looks at a set and takes the next steps; resolves to when to look again, in milliseconds from now.
 * Rejects with what the store refused of them, once the others are taken and the status says so.
 */
export async function setPass(name: string, context: SetContext): Promise<number | undefined> {
  const set = context.registry.get('ModuleSet', name)?.object;
  if (set === undefined) return undefined;
  const now = context.clock.now();
  const { input, problem } = lookAt(set, context, now);
  const plan = problem === undefined ? nextSteps(input) : undefined;
  // Before anything is done: what is begun is to be known even if the daemon dies in between.
  if (plan !== undefined && plan.actions.length > 0) await remember(input, plan, context);
  const refusals = await takeAll(set, plan?.actions ?? [], context);
  const refusal = refusals.find((error) => !isRace(error));
  await report(input, plan, problem ?? refusal, context);
  const [first] = refusals;
  if (first !== undefined) throw refusal ?? first;
  if (isDeleted(set) && input.owned.size === 0) await letGo(set, context);
  return plan?.until === undefined ? undefined : Math.max(0, plan.until - now);
}

/** Somebody else wrote at the same time: the next pass looks anew. */
export const isRace = (error: unknown): boolean =>
  isRegistrarError(error, 'NOT_FOUND', 'CONFLICT', 'ALREADY_EXISTS');

/** Takes each action for itself, so that one that is refused does not stop the others. */
async function takeAll(
  set: ModuleSet,
  actions: readonly SetAction[],
  context: SetContext,
): Promise<RegistrarError[]> {
  const refusals: RegistrarError[] = [];
  for (const action of actions) {
    try {
      await take(set, action, context);
    } catch (error) {
      refusals.push(toRegistrarError(error));
    }
  }
  return refusals;
}

/** Writes what is begun, and nothing else. */
async function remember(input: SetInput, plan: SetPlan, { registry }: SetContext): Promise<void> {
  const { name, uid } = input.set.metadata;
  const { instances } = setStatusOf(input, plan);
  const change = (current: ModuleSet): ModuleSet => ({
    ...current,
    status: { ...current.status, instances },
  });
  await registry.update('ModuleSet', name, change, { subresource: 'status', uid });
}

const isDeleted = ({ metadata }: ModuleSet): boolean => metadata.deletionTimestamp !== undefined;

/** What a set wants and what there is. A set that cannot be understood any more is left as it is. */
function lookAt(
  set: ModuleSet,
  { registry }: SetContext,
  now: number,
): { input: SetInput; problem: Problem | undefined } {
  const { stamped, findings } = isDeleted(set) ? EMPTY : expansionOf(set);
  const [first] = findings;
  const owned = new Map<string, Module>();
  const others = new Set<string>();
  for (const { object } of registry.list('Module').items) {
    const { name } = object.metadata;
    if (owningSet(object.metadata) === set.metadata.name) owned.set(name, object);
    else others.add(name);
  }
  return {
    input: { set, wanted: stamped, owned, others, now },
    problem: first && { reason: 'Invalid', message: formatFinding(first) },
  };
}

const EMPTY: Expansion = { stamped: [], findings: [] };

const expansions = new WeakMap<ModuleSet['spec'], Expansion>();

/** Specs are frozen and kept while they do not change, so each is worked out once. */
function expansionOf({ metadata: { name }, spec }: ModuleSet): Expansion {
  const known = expansions.get(spec) ?? expand(name, spec);
  expansions.set(spec, known);
  return known;
}

async function report(
  input: SetInput,
  plan: SetPlan | undefined,
  problem: Problem | undefined,
  { registry, record }: SetContext,
): Promise<void> {
  const { name, uid } = input.set.metadata;
  const status = setStatusOf(input, plan, problem);
  const change = (current: ModuleSet): ModuleSet => ({ ...current, status });
  await registry.update('ModuleSet', name, change, { subresource: 'status', uid });
  const stalled = findCondition(status.conditions, 'Stalled');
  const before = findCondition(input.set.status.conditions, 'Stalled');
  if (stalled === undefined || stalled.message === before?.message) return;
  const { reason, message } = stalled;
  record({ about: aboutSet(input.set), type: 'Warning', reason, message });
}

const aboutSet = ({ metadata: { name, uid } }: ModuleSet): NewEvent['about'] =>
  referenceTo({ kind: 'ModuleSet', name }, uid);

async function take(set: ModuleSet, action: SetAction, context: SetContext): Promise<void> {
  await carryOut(set, action, context.registry);
  const { kind, because } = action;
  const message = `${DONE[kind]} module "${nameOf(action)}": ${because}`;
  context.record({ about: aboutSet(set), type: 'Normal', reason: `Module${DONE[kind]}`, message });
}

const DONE = { create: 'Created', update: 'Updated', delete: 'Deleted' } as const;

const nameOf = (action: SetAction): string =>
  action.kind === 'delete' ? action.module.metadata.name : action.wanted.manifest.metadata.name;

/** Repeating it is harmless: a module that is another one by then is refused by the store. */
async function carryOut(set: ModuleSet, action: SetAction, registry: Registry): Promise<unknown> {
  const name = nameOf(action);
  const audit = auditEntryOf(set, action);
  if (action.kind === 'create') {
    const draft = stampedDraft(action.wanted, undefined, set.metadata);
    return registry.create('Module', draft, { audit });
  }
  const { uid } = action.module.metadata;
  if (action.kind === 'delete') return registry.delete('Module', name, { uid, audit });
  const change = (current: Module): Draft<'Module'> => {
    const draft = stampedDraft(action.wanted, current, set.metadata);
    const { managedFields } = current.metadata;
    return managedFields === undefined
      ? draft
      : { ...draft, metadata: { ...draft.metadata, managedFields } };
  };
  return registry.update('Module', name, change, { uid, audit });
}

/** Which set wants what: what the audit says of an action. */
const auditEntryOf = ({ metadata }: ModuleSet, action: SetAction): AuditEntry => ({
  ...{ user: SET_USER, groups: [], source: `set:${metadata.name}`, verb: action.kind },
  ...{ resource: resourceOf(MODULE), name: nameOf(action), namespace: '', requestId: '' },
});

/** Whom the audit puts the changes down to that follow from a set. */
const SET_USER = 'registrar-set';

/** The last module is gone. */
async function letGo(
  { metadata: { name, uid } }: ModuleSet,
  { registry }: SetContext,
): Promise<void> {
  const change = ({ metadata, ...rest }: ModuleSet): ModuleSet => ({
    ...rest,
    metadata: {
      ...metadata,
      finalizers: (metadata.finalizers ?? []).filter((one) => one !== MODULES_FINALIZER),
    },
  });
  await registry.update('ModuleSet', name, change, { uid });
}
