import type { Survey } from '../../docker/runtime.js';
import { hostPortsOf } from '../../model/host.js';
import { limitsOf } from '../../model/limits.js';
import type { Module } from '../../model/module.js';
import type { ContainerTemplate } from '../../model/revision.js';
import { openPorts } from '../../plan/preflight.js';
import type { Clash, HostFacts, Wanted } from '../../plan/preflight.js';
import type { ReconcileContext } from '../context.js';
import { claimsAround } from './claims.js';
import { diskProblem } from './disk.js';
import { takenPorts } from './taken-ports.js';

export type HostContext = Pick<ReconcileContext, 'registry' | 'runtime' | 'disk'>;

/** What new containers of a module are to be made from, which need not be what its spec says now. */
export interface Making {
  readonly module: Module;
  readonly template: ContainerTemplate;
  /** Undefined when it is only asked what would be: then no GPU is tried. */
  readonly imageId: string | undefined;
}

/** What new containers of these names take of the host. */
export function wantedOf({ module, template }: Making, names: readonly string[]): Wanted {
  const { memoryBytes } = limitsOf(template.resources);
  const { gpus } = template.resources;
  const ports = hostPortsOf(template);
  return { module: module.metadata.name, names, ports, gpus, memoryBytes };
}

export interface FoundFacts extends HostFacts {
  /** Whether the ports of this machine are those of the engine's host. */
  readonly isLocal: boolean;
}

/** Looks at the host: one list of containers, and of the rest only what is to be taken. */
export async function hostFacts(making: Making, context: HostContext): Promise<FoundFacts> {
  const { module, template, imageId } = making;
  const { registry, runtime } = context;
  const { instanceId: instance } = registry;
  const owner = { instance, module: module.metadata.name };
  const survey = await runtime.survey({ owner, template, imageId });
  const { older, memoryBytes: claimedBytes } = claimsAround(module, registry);
  const { containers, memoryBytes, isLocal } = survey;
  const known = { instance, containers, olderClaims: older, memoryBytes, claimedBytes };
  const open = isLocal ? openPorts(wantedOf(making, []), known) : [];
  const refusals = [...refusalsOf(survey), ...(await diskClash(context))];
  return { ...known, isLocal, refusals, takenPorts: await takenPorts(open) };
}

const refusalsOf = ({ refusals }: Survey): Clash[] =>
  refusals.map(({ reason, message }) => ({ reason, message }));

async function diskClash(context: HostContext): Promise<Clash[]> {
  const message = await diskProblem(context);
  return message === undefined ? [] : [{ reason: 'DiskLow', message }];
}
