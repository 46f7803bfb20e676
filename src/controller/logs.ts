import type { Readable } from 'node:stream';
import type { LogOptions } from '../docker/runtime.js';
import { CONTAINER, podName } from '../kinds/pod/derive.js';
import type { ObservedContainer } from '../model/container.js';
import { RegistrarError } from '../model/errors.js';
import { endedRun, presentRun } from '../plan/runs.js';
import type { RunMemory, Stretch } from '../plan/runs.js';
import type { ReconcileContext } from './context.js';
import type { LogRequest, Place } from './operations.js';
import { containerIn } from './slot-container.js';

/** Log of one run of a slot: the log of a container goes on from one run to the next. */
export async function slotLog(
  module: string,
  place: Place,
  request: LogRequest,
  context: ReconcileContext,
): Promise<Readable> {
  const { runtime, clock } = context;
  const id = containerIn(module, place, context);
  const container = await runtime.inspect(id);
  const memory = container && memoryOf(container, context);
  const stretch = memory && stretchOf(request, container, memory);
  if (stretch === undefined) throw noSuchRun(module, place.slot, request);
  return runtime.logs(id, optionsFor(request, stretch, clock.now()));
}

const stretchOf = (
  { previous }: LogRequest,
  container: ObservedContainer,
  memory: RunMemory,
): Stretch | undefined =>
  previous === true ? endedRun(container, memory) : presentRun(container, memory);

/** The status may not know of the present run yet; then what it has for that is the one before. */
function memoryOf(
  { id, owner, startedAt, restartCount }: ObservedContainer,
  { registry }: Pick<ReconcileContext, 'registry'>,
): RunMemory {
  const slots = registry.get('Module', owner.module)?.object.status.containers;
  const known = slots?.find((one) => one.id === id);
  const isBehind = known?.startedAt !== startedAt;
  return {
    hasRestarted: restartCount > 0 || (known?.restarts ?? 0) > 0,
    previousStartedAt: isBehind ? known?.startedAt : known?.previousStartedAt,
  };
}

function optionsFor(request: LogRequest, stretch: Stretch, now: number): LogOptions {
  const { follow, previous, tail, sinceSeconds, sinceTime, timestamps } = request;
  const younger = sinceSeconds === undefined ? undefined : now - sinceSeconds * 1000;
  const since = [stretch.since, sinceTime, younger].filter((time) => time !== undefined);
  return {
    follow: follow && previous !== true,
    ...(tail !== undefined && { tail }),
    ...(timestamps !== undefined && { timestamps }),
    ...(since.length > 0 && { sinceTime: Math.max(...since) }),
    ...(stretch.until !== undefined && { untilTime: stretch.until }),
  };
}

/** In kubectl's words. */
function noSuchRun(module: string, slot: number, { previous }: LogRequest): RegistrarError {
  const which = previous === true ? 'previous terminated container' : 'container';
  const message = `${which} "${CONTAINER}" in pod "${podName(module, slot)}" not found`;
  return new RegistrarError('BAD_REQUEST', message);
}
