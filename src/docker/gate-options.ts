import { GPUS_LABEL, NOBODY, unownedLabels } from '../model/owner.js';
import type { ContainerTemplate } from '../model/revision.js';
import { isSecretVolume } from '../model/volumes.js';
import { createOptions } from './create-options.js';
import type { CreateInput } from './create-options.js';
import { GATE_LABEL } from './names.js';

/** What the container of a gate is made from. */
export interface GateInput extends Omit<CreateInput, 'owner'> {
  readonly instance: string;
  readonly module: string;
  readonly command: readonly string[];
}

/**
 * The body of the create call for a gate: that of a container of the module, without anything that
 * those which run could notice (ports, volumes but files of Secrets, GPUs) and without what was granted to them beyond
 * the strictest settings. It is no slot of the module.
 */
export function gateOptions({ instance, module, ...input }: GateInput): Record<string, unknown> {
  const template = gateTemplate(input.template, input.command);
  const { HostConfig, ...body } = createOptions({
    ...input,
    ...{ template, owner: NOBODY },
  });
  return {
    ...body,
    Labels: { ...unownedLabels(instance), [GPUS_LABEL]: '', [GATE_LABEL]: module },
    Healthcheck: { Test: ['NONE'] },
    HostConfig: { ...(HostConfig as object), RestartPolicy: { Name: 'no' } },
  };
}

/** Where other volumes would be there is memory, so that a program finds the folders that it writes to. */
function gateTemplate(
  { healthCheck: _healthCheck, ...template }: ContainerTemplate,
  command: readonly string[],
): ContainerTemplate {
  const { resources, securityContext, volumes } = template;
  const { writablePaths } = securityContext;
  const others = volumes.filter((volume) => !isSecretVolume(volume));
  return {
    ...{ ...template, command: [...command], args: [], ports: [] },
    volumes: volumes.filter(isSecretVolume),
    resources: { ...resources, gpus: [] },
    securityContext: {
      ...{ ...securityContext, addCapabilities: [], readOnlyRootFilesystem: true },
      writablePaths: [...writablePaths, ...others.map(({ mountPath }) => mountPath)],
    },
  };
}
