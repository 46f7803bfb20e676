import { createHash } from 'node:crypto';
import { findCondition } from '../../model/conditions.js';
import type { ContainerStatus, LastExit, Module } from '../../model/module.js';
import { MODULE_LABEL, moduleOwnerReference, SLOT_LABEL } from '../../model/owner.js';
import type { Mirrored } from '../definition.js';
import type { ContainerState, Pod, PodPhase } from './schema.js';

/** Name of the one container of each pod. */
export const CONTAINER = 'module';

/** Where the containers run: this registrar has one engine. */
const NODE = 'local';

/** Name of the pod for a slot of a module. */
export const podName = (module: string, slot: number): string => `${module}-${slot}`;

/**
 * The containers of a module as pods; a slot without a container has none. While the engine cannot
 * be seen nothing is known of what they do.
 */
export function podsOf(module: Module): Mirrored<Pod>[] {
  return module.status.containers.flatMap((container) =>
    container.id === undefined ? [] : [podOf(module, container, container.id)],
  );
}

function podOf(module: Module, container: ContainerStatus, id: string): Mirrored<Pod> {
  const image = module.status.imageReference ?? module.spec.image;
  const isSeen = findCondition(module.status.conditions, 'Ready')?.status !== 'Unknown';
  const ready = container.ready ? 'True' : 'False';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(module, container.slot, id),
    spec: { containers: [{ name: CONTAINER, image }], nodeName: NODE },
    status: {
      phase: isSeen ? phaseOf(container) : 'Unknown',
      ...(container.startedAt !== undefined && { startTime: container.startedAt }),
      conditions: [{ type: 'Ready', status: isSeen ? ready : 'Unknown' }],
      containerStatuses: [
        {
          name: CONTAINER,
          ready: container.ready,
          started: container.state === 'running',
          restartCount: container.restarts,
          image,
          imageID: module.status.imageId ?? '',
          containerID: `docker://${id}`,
          state: stateOf(container),
          lastState: container.lastExit === undefined ? {} : terminated(container.lastExit),
        },
      ],
    },
  };
}

function metadataOf(
  { metadata: { name, uid, labels } }: Module,
  slot: number,
  containerId: string,
): Mirrored<Pod>['metadata'] {
  return {
    name: podName(name, slot),
    uid: uuidOf(containerId),
    labels: { ...labels, [MODULE_LABEL]: name, [SLOT_LABEL]: String(slot) },
    ownerReferences: [moduleOwnerReference({ name, uid })],
  };
}

/** A UUID (version 8, RFC 9562) that is the same for the same container. */
function uuidOf(containerId: string): string {
  const hex = createHash('sha256').update(containerId).digest('hex');
  const [a, b, c, d, e] = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(13, 16),
    hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}

function phaseOf({ state, lastExit }: ContainerStatus): PodPhase {
  if (['running', 'paused', 'restarting'].includes(state)) return 'Running';
  if (state === 'created') return 'Pending';
  if (state !== 'exited' && state !== 'dead') return 'Unknown';
  return lastExit?.code === 0 ? 'Succeeded' : 'Failed';
}

function stateOf({ state, startedAt, lastExit }: ContainerStatus): ContainerState {
  if ((state === 'running' || state === 'paused') && startedAt !== undefined) {
    return { running: { startedAt } };
  }
  if ((state === 'exited' || state === 'dead') && lastExit !== undefined) {
    return terminated(lastExit);
  }
  if (state === 'restarting') return { waiting: { reason: 'CrashLoopBackOff' } };
  return { waiting: { reason: state === 'created' ? 'ContainerCreating' : 'Unknown' } };
}

function terminated({ code, reason, message, at }: LastExit): ContainerState {
  const why = { reason, ...(message !== undefined && { message }) };
  return { terminated: { exitCode: code, ...why, finishedAt: at } };
}
