import { setConditions } from '../model/conditions.js';
import type { NewCondition } from '../model/conditions.js';
import type { ObservedContainer } from '../model/container.js';
import type { ContainerStatus, ModuleStatus } from '../model/module.js';
import { containerName } from '../model/owner.js';
import { timestamp } from '../lib/clock.js';
import type { SlotHistory } from '../plan/history.js';
import type { Findings } from './findings.js';
import type { Outcome } from './outcome.js';
import { phaseOf } from './phase.js';
import { isReady } from './readiness.js';

/** The status that says what was found. Equal findings give an equal status, whatever the time. */
export function statusFrom(findings: Findings): ModuleStatus {
  const { module, image, now, desired } = findings;
  const containers = containerStatuses(findings);
  const readyReplicas = containers.filter((container) => container.ready).length;
  const generation = module.metadata.generation;
  const conditions = conditionsOf(findings, readyReplicas);
  return {
    phase: phaseOf(findings, readyReplicas),
    observedGeneration: generation,
    conditions: setConditions(
      module.status.conditions,
      conditions.map((condition) => ({ ...condition, observedGeneration: generation })),
      timestamp(now),
    ),
    ...(image === undefined
      ? {}
      : { imageReference: image.reference, imageId: image.id, imageDigest: image.digest }),
    ...(desired.target === undefined ? {} : { currentRevision: desired.target.revision }),
    replicas: findings.containers.length,
    readyReplicas,
    restarts: containers.reduce((sum, container) => sum + container.restarts, 0),
    containers,
  };
}

/** What an outcome says in a condition. */
export function outcomeText(outcome: Outcome): { reason: string; message: string } {
  if (outcome.kind === 'converged')
    return { reason: 'Converged', message: 'Observed equals desired' };
  if (outcome.kind !== 'failed') return { reason: outcome.reason, message: outcome.message };
  return { reason: outcome.error.reason, message: outcome.error.message };
}

type Condition = Omit<NewCondition, 'observedGeneration'>;

function conditionsOf(findings: Findings, ready: number): Condition[] {
  const { outcome, notice } = findings;
  return [
    readyCondition(findings, ready),
    ...imageCondition(findings),
    progressingCondition(outcome),
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

function imageCondition({ image, imageProblem, engineSeen }: Findings): Condition[] {
  const type = 'ImageReady';
  if (imageProblem !== undefined && engineSeen) {
    return [{ type, status: 'False', ...outcomeText(imageProblem) }];
  }
  if (image === undefined) return [];
  const message = `Image "${image.reference}" is ${image.digest}`;
  return [{ type, status: engineSeen ? 'True' : 'Unknown', reason: 'Resolved', message }];
}

function progressingCondition(outcome: Outcome): Condition {
  const goesOn = outcome.kind === 'progressing' || outcome.kind === 'failed';
  const pulls = outcome.kind === 'waiting' && outcome.reason === 'Pulling';
  const status = goesOn || pulls ? 'True' : 'False';
  return { type: 'Progressing', status, ...outcomeText(outcome) };
}

function containerStatuses(findings: Findings): ContainerStatus[] {
  const { desired, containers, histories } = findings;
  const wanted = Array.from({ length: desired.replicas }, (_, slot) => slot);
  const slots = new Set([...wanted, ...containers.map((container) => container.owner.slot)]);
  return [...slots]
    .toSorted((a, b) => a - b)
    .map((slot) => {
      const container = containers.find((one) => one.owner.slot === slot);
      const history = histories.find((one) => one.slot === slot);
      return containerStatus(findings, slot, container, history);
    });
}

function containerStatus(
  { desired, module, now, engineSeen }: Findings,
  slot: number,
  container: ObservedContainer | undefined,
  history: SlotHistory | undefined,
): ContainerStatus {
  const revision = container?.owner.revision ?? desired.target?.revision;
  const name = containerName({ module: module.metadata.name, revision: revision ?? '', slot });
  return {
    slot,
    name: container?.name ?? name,
    ...(container === undefined ? {} : { id: container.id }),
    ...(revision === undefined ? {} : { revision }),
    state: container?.state ?? 'missing',
    health: container?.health ?? 'none',
    ready: engineSeen && container !== undefined && isReady(container, history, now),
    restarts: history?.restarts ?? 0,
    engineRestarts: history?.engineRestarts ?? 0,
    ...(container?.startedAt === undefined ? {} : { startedAt: container.startedAt }),
    ...(container === undefined || history?.previousStartedAt === undefined
      ? {}
      : { previousStartedAt: history.previousStartedAt }),
    ...(history?.lastExit === undefined ? {} : { lastExit: history.lastExit }),
    failures: history?.failures ?? 0,
    ...(history?.retryAt === undefined ? {} : { retryAt: history.retryAt }),
  };
}

/** What the status remembers of the module's slots. */
export function historiesFrom(status: ModuleStatus): SlotHistory[] {
  return status.containers.map((container) => {
    const { name: _name, state: _state, health: _health, ready: _ready, ...history } = container;
    return history;
  });
}
