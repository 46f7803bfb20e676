import { GROUP } from '../model/names.js';
import { INSTANCE_LABEL, MODULE_LABEL } from '../model/owner.js';

/** Marks the containers that are never started: see scratch.ts. */
export const SCRATCH_LABEL = `${GROUP}/scratch`;
const VOLUME_LABEL = `${GROUP}/volume`;

const prefix = (instanceId: string): string => `registrar-${instanceId.slice(0, 8)}`;

/** The one network of an instance. */
export const networkName = (instanceId: string): string => prefix(instanceId);

/**
 * A named volume: the same for all slots and revisions of a module. Underscores, because both names
 * may have dashes: `a-b` with `c` is not `a` with `b-c`.
 */
export const volumeName = (instanceId: string, module: string, volume: string): string =>
  `${prefix(instanceId)}_${module}_${volume}`;

export const scratchName = (instanceId: string, suffix: string): string =>
  `${prefix(instanceId)}-scratch-${suffix}`;

export const instanceLabels = (instanceId: string): Record<string, string> => ({
  [INSTANCE_LABEL]: instanceId,
});

export const volumeLabels = (
  instanceId: string,
  module: string,
  volume: string,
): Record<string, string> => ({
  [INSTANCE_LABEL]: instanceId,
  [MODULE_LABEL]: module,
  [VOLUME_LABEL]: volume,
});

/** The engine's filter for what carries the instance's label, and others. */
export const labelFilter = (instanceId: string, ...labels: string[]): { label: string[] } => ({
  label: [`${INSTANCE_LABEL}=${instanceId}`, ...labels],
});
