import { hostPortsOf, isSamePort } from '../model/host.js';
import type { ContainerTemplate } from '../model/revision.js';
import type { ModuleSpec } from '../model/module.js';
import { isWritable } from '../model/volumes.js';
import type { Volume } from '../model/volumes.js';
import type { Swap } from './desired.js';

/** What a person may say of a rollout. */
export type Strategy = ModuleSpec['strategy'];

/** What decides how a module comes to another revision. */
export interface SwapFacts {
  readonly strategy: Strategy;
  readonly replicas: number;
  /** What runs, and what is to run; undefined where that is not known. */
  readonly before: ContainerTemplate | undefined;
  readonly after: ContainerTemplate | undefined;
  readonly isPaused: boolean;
}

/** Without a health check, running for so long is what tells that a container works. */
const UNCHECKED_MIN_READY_SECONDS = 10;

/** How slots come to another revision: as the spec says, where the containers can be there at once. */
export function swapOf({ strategy, replicas, before, after, isPaused }: SwapFacts): Swap {
  const { type, maxSurge, maxUnavailable, minReadySeconds } = strategy;
  const minReady =
    minReadySeconds ?? (after?.healthCheck === undefined ? UNCHECKED_MIN_READY_SECONDS : 0);
  const common = { maxSurge, minReadyMs: minReady * 1000, isPaused };
  const stopFirst = (because: string, most: number): Swap => ({
    ...{ ...common, order: 'stop-first', because, maxUnavailable: Math.max(1, most) },
  });
  if (type === 'Recreate') return stopFirst('spec.strategy.type is Recreate', replicas);
  // What is not known is taken to be as the other is.
  const clash = clashOf(before ?? after, after ?? before, replicas);
  if (clash !== undefined) return stopFirst(clash, maxUnavailable);
  if (maxSurge === 0) return stopFirst('spec.strategy.maxSurge is 0', maxUnavailable);
  const because = 'both can run at once';
  return { ...common, order: 'start-first', because, maxUnavailable };
}

/** Why two containers of a slot cannot run at once, undefined when they can. */
function clashOf(
  before: ContainerTemplate | undefined,
  after: ContainerTemplate | undefined,
  replicas: number,
): string | undefined {
  if (before === undefined || after === undefined) return undefined;
  const wanted = hostPortsOf(after);
  const port = hostPortsOf(before).find((one) => wanted.some((other) => isSamePort(one, other)));
  if (port !== undefined) return `both publish port ${port.port}/${port.protocol} of the host`;
  const gpu = before.resources.gpus.find((one) => after.resources.gpus.includes(one));
  if (gpu !== undefined) return `both have GPU ${gpu} to themselves`;
  // Replicas share their volumes anyway.
  const volume = replicas > 1 ? undefined : sharedVolume(before, after);
  return volume === undefined ? undefined : `both write to volume "${volume}"`;
}

/** Name of a volume that both may write to. */
function sharedVolume(before: ContainerTemplate, after: ContainerTemplate): string | undefined {
  const written = before.volumes.filter(isWritable);
  const isSame = (one: Volume, other: Volume): boolean =>
    one.hostPath === undefined
      ? other.hostPath === undefined && one.name === other.name
      : one.hostPath === other.hostPath;
  const both = after.volumes.find(
    (one) => isWritable(one) && written.some((other) => isSame(one, other)),
  );
  return both?.name;
}
