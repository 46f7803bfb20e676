import { setConditions } from '../model/conditions.js';
import type { NewCondition } from '../model/conditions.js';
import type { ObservedContainer } from '../model/container.js';
import { describeUnmet } from '../model/dependencies.js';
import type { ContainerStatus, ModuleStatus } from '../model/module-status.js';
import { containerName } from '../model/owner.js';
import { timestamp } from '../lib/clock.js';
import { historyOf } from '../plan/history.js';
import type { SlotHistory } from '../plan/history.js';
import { illnessOf } from '../plan/illness.js';
import { isReady } from '../plan/readiness.js';
import type { Findings } from './findings.js';
import { outcomeText } from './outcome.js';
import type { Outcome } from './outcome.js';
import { phaseOf } from './phase.js';
import { releaseConditions } from './preparation/release.js';
import { preparationStatus, verifiedCondition } from './preparation/status.js';

/** The status that says what was found. Equal findings give an equal status, whatever the time. */
export function statusFrom(findings: Findings): ModuleStatus {
  const { module, preparation, now, version, updates } = findings;
  const containers = containerStatuses(findings);
  const readyReplicas = containers.filter((container) => container.ready).length;
  const generation = module.metadata.generation;
  const conditions = conditionsOf(findings, slotsOf(containers.filter(({ ready }) => ready)));
  return {
    phase: phaseOf(findings, readyReplicas),
    observedGeneration: generation,
    conditions: setConditions(
      module.status.conditions,
      conditions.map((condition) => ({ ...condition, observedGeneration: generation })),
      timestamp(now),
    ),
    ...preparationStatus(preparation),
    ...(updates.memory !== undefined && { updates: updates.memory }),
    ...(version === undefined ? {} : { version }),
    ...rolloutStatus(findings),
    replicas: findings.containers.length,
    readyReplicas,
    restarts: containers.reduce((sum, container) => sum + container.restarts, 0),
    containers,
  };
}

/** A slot may have two containers for a while. */
const slotsOf = (containers: readonly ContainerStatus[]): number =>
  new Set(containers.map(({ slot }) => slot)).size;

function rolloutStatus({ memory, wanted }: Findings): Partial<ModuleStatus> {
  const { current, rollout, quarantined } = memory;
  return {
    ...(current !== undefined && { currentRevision: current }),
    ...(wanted !== undefined && { updatedRevision: wanted.revision }),
    ...(rollout !== undefined && { rollout }),
    ...(quarantined.length > 0 && { quarantined: [...quarantined] }),
  };
}

type Condition = Omit<NewCondition, 'observedGeneration'>;

function conditionsOf(findings: Findings, ready: number): Condition[] {
  const { outcome, notice, updates } = findings;
  return [
    readyCondition(findings, ready),
    ...verifiedCondition(findings),
    ...imageCondition(findings),
    ...releaseConditions(findings),
    ...dependencyCondition(findings),
    progressingCondition(outcome),
    ...(updates.condition === undefined ? [] : [updates.condition]),
    ...(outcome.kind === 'stalled'
      ? [{ type: 'Stalled', status: 'True', ...outcomeText(outcome) } as const]
      : []),
    ...(notice === undefined ? [] : [notice]),
  ];
}

function readyCondition(findings: Findings, ready: number): Condition {
  const { module, outcome, desired, engineSeen } = findings;
  const text = outcomeText(outcome);
  const say = (status: Condition['status'], reason: string, message: string): Condition => ({
    type: 'Ready',
    status,
    reason,
    message,
  });
  if (!engineSeen) return say('Unknown', text.reason, text.message);
  if (module.metadata.deletionTimestamp !== undefined) {
    return say('False', 'Terminating', 'The module is being deleted');
  }
  if (module.spec.suspend) return say('False', 'Suspended', 'The module is suspended');
  const count = `${ready} of ${desired.replicas} containers ready`;
  if (outcome.kind === 'converged') return say('True', 'AllReady', count);
  return say('False', text.reason, `${count}: ${text.message}`);
}

function imageCondition({ preparation, engineSeen }: Findings): Condition[] {
  const type = 'ImageReady';
  const { image, imageProblem } = preparation;
  if (imageProblem !== undefined && engineSeen) {
    return [{ type, status: 'False', ...outcomeText(imageProblem) }];
  }
  if (image === undefined) return [];
  const message = `Image "${image.reference}" is ${image.digest}`;
  return [{ type, status: engineSeen ? 'True' : 'Unknown', reason: 'Resolved', message }];
}

/** Also of a module that runs: what it needs may have gone since, and is not put right by stopping it. */
function dependencyCondition({ module, outcome, unmet }: Findings): Condition[] {
  const type = 'DependenciesReady';
  const count = module.spec.dependsOn.length;
  if (count === 0) return [];
  if (unmet.length === 0) {
    const message = count === 1 ? 'The module that it needs is ready' : `All ${count} are ready`;
    return [{ type, status: 'True', reason: 'AllReady', message }];
  }
  const waits = outcome.kind === 'waiting' && outcome.reason === 'WaitingForDependencies';
  const reason = waits ? outcome.reason : 'Unmet';
  return [{ type, status: 'False', reason, message: describeUnmet(unmet) }];
}

/** Reasons to wait for work that Registrar does itself. */
const PREPARING: ReadonlySet<string> = new Set(['Pulling', 'Verifying', 'Publishing', 'Building']);

function progressingCondition(outcome: Outcome): Condition {
  const goesOn = outcome.kind === 'progressing' || outcome.kind === 'failed';
  const prepares = outcome.kind === 'waiting' && PREPARING.has(outcome.reason);
  const status = goesOn || prepares ? 'True' : 'False';
  return { type: 'Progressing', status, ...outcomeText(outcome) };
}

function containerStatuses(findings: Findings): ContainerStatus[] {
  const { desired, containers } = findings;
  const wanted = Array.from({ length: desired.replicas }, (_, slot) => slot);
  const slots = new Set([...wanted, ...containers.map((container) => container.owner.slot)]);
  return [...slots].toSorted((a, b) => a - b).flatMap((slot) => slotStatuses(findings, slot));
}

/** The containers of a slot, that of the newer revision first, or what is known of none. */
function slotStatuses(findings: Findings, slot: number): ContainerStatus[] {
  const { target } = findings.desired;
  const isNext = ({ owner }: ObservedContainer): boolean => owner.revision === target?.revision;
  const there = findings.containers
    .filter(({ owner }) => owner.slot === slot)
    .toSorted((a, b) => Number(isNext(b)) - Number(isNext(a)));
  if (there.length > 0) return there.map((one) => containerStatus(findings, one));
  const known = findings.histories.find((history) => history.slot === slot);
  const revision = target?.revision ?? known?.revision;
  return revision === undefined ? [] : [missingStatus(findings, slot, revision)];
}

function containerStatus(
  { now, engineSeen, histories }: Findings,
  container: ObservedContainer,
): ContainerStatus {
  const { name, id, state, health, owner, startedAt } = container;
  const history = historyOf(histories, owner);
  const { previousStartedAt } = history ?? {};
  return {
    ...{ slot: owner.slot, name, id, revision: owner.revision, state, health },
    ready: engineSeen && isReady(container, history, now),
    ...rememberedStatus(history),
    ...(startedAt !== undefined && { startedAt }),
    ...(previousStartedAt !== undefined && { previousStartedAt }),
    ...(history?.readyAt !== undefined && { readyAt: history.readyAt }),
    ...(history?.stopped && { stopped: history.stopped }),
    ...illnessStatus(container, history),
  };
}

function illnessStatus(
  container: ObservedContainer,
  history: SlotHistory | undefined,
): Partial<ContainerStatus> {
  const illness = illnessOf(container);
  return {
    ...(illness !== undefined && { healthMessage: `it ${illness.message}` }),
    ...(history?.unhealthySince !== undefined && { unhealthySince: history.unhealthySince }),
  };
}

/** Of a slot that has no container. */
function missingStatus(
  { module, histories }: Findings,
  slot: number,
  revision: string,
): ContainerStatus {
  const name = containerName({ module: module.metadata.name, revision, slot });
  return {
    ...{ slot, name, revision, state: 'missing', health: 'none', ready: false },
    ...rememberedStatus(historyOf(histories, { slot, revision })),
  };
}

const rememberedStatus = (history: SlotHistory | undefined) => ({
  restarts: history?.restarts ?? 0,
  engineRestarts: history?.engineRestarts ?? 0,
  ...(history?.lastExit !== undefined && { lastExit: history.lastExit }),
  failures: history?.failures ?? 0,
  ...(history?.retryAt !== undefined && { retryAt: history.retryAt }),
});

/** What the status remembers of the module's slots. */
export function historiesFrom(status: ModuleStatus): SlotHistory[] {
  return status.containers.map((container) => {
    const { name: _name, state: _state, ready: _ready, ...rest } = container;
    const { health: _health, healthMessage: _healthMessage, ...history } = rest;
    return history;
  });
}
