import { createHash } from 'node:crypto';
import { findCondition } from '../../model/conditions.js';
import type { Module } from '../../model/module.js';
import type { ContainerStatus, LastExit } from '../../model/module-status.js';
import {
  MODULE_LABEL,
  moduleOwnerReference,
  REVISION_LABEL,
  shortRevision,
  SLOT_LABEL,
} from '../../model/owner.js';
import type { Mirrored } from '../definition.js';
import type { ContainerState, Pod, PodPhase } from './schema.js';

/** Name of the one container of each pod. */
export const CONTAINER = 'module';

/** Where the containers run: this registrar has one engine. */
const NODE = 'local';

/** Name of the pod for a slot of a module. */
export const podName = (module: string, slot: number): string => `${module}-${slot}`;

/** The module that a pod of that name belongs to: it may be the second one of its slot. */
export const moduleOfPod = (pod: string): string => pod.replace(/-\d+(?:-[0-9a-f]{7})?$/, '');

/**
 * The containers of a module as pods; a slot without a container has none, and one that comes to
 * another revision has two. While the engine cannot be seen nothing is known of what they do.
 */
export function podsOf(module: Module): Mirrored<Pod>[] {
  return module.status.containers.flatMap((container, index, all) => {
    if (container.id === undefined) return [];
    const isFirst = all.findIndex(({ slot }) => slot === container.slot) === index;
    const name = podName(module.metadata.name, container.slot);
    // The newer one of a slot comes first, and is the pod that stays.
    const unique = isFirst ? name : `${name}-${shortRevision(container.revision)}`;
    return [podOf(module, container, container.id, unique)];
  });
}

function podOf(
  module: Module,
  container: ContainerStatus,
  id: string,
  name: string,
): Mirrored<Pod> {
  const image = module.status.imageReference ?? module.spec.image;
  const isSeen = findCondition(module.status.conditions, 'Ready')?.status !== 'Unknown';
  const ready = container.ready ? 'True' : 'False';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadataOf(module, container, id, name),
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
  { metadata: { name: module, uid, labels } }: Module,
  { slot, revision }: ContainerStatus,
  containerId: string,
  name: string,
): Mirrored<Pod>['metadata'] {
  const ours = { [MODULE_LABEL]: module, [SLOT_LABEL]: String(slot), [REVISION_LABEL]: revision };
  return {
    name,
    uid: uuidOf(containerId),
    labels: { ...labels, ...ours },
    ownerReferences: [moduleOwnerReference({ name: module, uid })],
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
