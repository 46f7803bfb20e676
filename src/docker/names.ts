import { GROUP } from '../model/names.js';
import { INSTANCE_LABEL, MODULE_LABEL } from '../model/owner.js';

/** Marks the containers that are never started: see scratch.ts. */
export const SCRATCH_LABEL = `${GROUP}/scratch`;
/** Marks the containers of gates; its value is the module: see gates.ts. */
export const GATE_LABEL = `${GROUP}/gate`;
const VOLUME_LABEL = `${GROUP}/volume`;

const prefix = (instanceId: string): string => `registrar-${instanceId.slice(0, 8)}`;

/** The one network of an instance. */
export const networkName = (instanceId: string): string => prefix(instanceId);

/** Of the network on which a module is reached by those that need it. */
export const moduleNetworkName = (instanceId: string, module: string): string =>
  `${networkName(instanceId)}_${module}`;

/** The module whose network one of that name is, if it is one of the instance. */
export const moduleOfNetwork = (name: string, instanceId: string): string | undefined => {
  const before = `${networkName(instanceId)}_`;
  return name.startsWith(before) ? name.slice(before.length) : undefined;
};

/**
 * A named volume: the same for all slots and revisions of a module. Underscores, because both names
 * may have dashes: `a-b` with `c` is not `a` with `b-c`.
 */
export const volumeName = (instanceId: string, module: string, volume: string): string =>
  `${prefix(instanceId)}_${module}_${volume}`;

export const scratchName = (instanceId: string, suffix: string): string =>
  `${prefix(instanceId)}-scratch-${suffix}`;

export const gatePrefix = (instanceId: string): string => `${prefix(instanceId)}-gate-`;

export const instanceLabels = (instanceId: string): Record<string, string> => ({
  [INSTANCE_LABEL]: instanceId,
});

export const moduleLabels = (instanceId: string, module: string): Record<string, string> => ({
  [INSTANCE_LABEL]: instanceId,
  [MODULE_LABEL]: module,
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
