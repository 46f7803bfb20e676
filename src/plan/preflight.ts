import { inMiB } from './disk-floor.js';
import type { HostPort, Neighbour } from '../model/host.js';
import { isSamePort, portText } from '../model/host.js';

/** What a plan is about to make, as far as it takes something of the host that only one can have. */
export interface Wanted {
  readonly module: string;
  /** Names of the containers to be made. */
  readonly names: readonly string[];
  readonly ports: readonly HostPort[];
  /** UUIDs. */
  readonly gpus: readonly string[];
  /** Limit of one container. */
  readonly memoryBytes: number;
}

/** What a module asks for by its spec, whether it has it or not. */
export interface Claim extends Pick<Wanted, 'module' | 'ports' | 'gpus'> {
  /** Of all its containers together. */
  readonly memoryBytes: number;
}

/** A port that cannot be had, though no container has it. */
export interface TakenPort {
  readonly port: HostPort;
  /** Completes "Port … of the host". */
  readonly why: string;
}

/** What is so on the host. */
export interface HostFacts {
  /** Id of the registrar. */
  readonly instance: string;
  /** Every container of the engine. */
  readonly containers: readonly Neighbour[];
  /** Of the other modules that want containers, those that asked first. */
  readonly olderClaims: readonly Claim[];
  readonly takenPorts: readonly TakenPort[];
  /** What the engine cannot give, or refuses to. */
  readonly refusals: readonly Clash[];
  /** Memory of the host, 0 when it is not known. */
  readonly memoryBytes: number;
  /** What all modules may use of it, with what is wanted. */
  readonly claimedBytes: number;
}

/** Something that a new container needs and cannot have; the message names who has it. */
export interface Clash {
  /** CamelCase, for machines. */
  readonly reason: string;
  readonly message: string;
  /** Only another spec or another host can help. */
  readonly isFinal?: boolean;
}

/**
 * What stands in the way of what is wanted; nothing may be touched when something does. What the
 * module's own containers have is no obstacle: they make way for what is wanted. Pure.
 */
export function clashesOf(wanted: Wanted, facts: HostFacts): readonly Clash[] {
  return [
    ...wanted.names.flatMap((name) => nameClash(name, facts)),
    ...wanted.ports.flatMap((port) => portClash(port, wanted, facts)),
    ...wanted.gpus.flatMap((gpu) => gpuClash(gpu, wanted, facts)),
    ...memoryClash(wanted, facts),
    ...facts.refusals,
  ];
}

/** The ports of which neither a container nor a claim tells whether they are free. */
export function openPorts(
  wanted: Pick<Wanted, 'ports'>,
  facts: Pick<HostFacts, 'containers' | 'olderClaims'>,
): HostPort[] {
  return wanted.ports.filter(
    (port) =>
      portHolders(port, facts).length === 0 &&
      !facts.olderClaims.some((claim) => claim.ports.some((one) => isSamePort(one, port))),
  );
}

/** What is well for now but may not stay so. */
export function cautionsOf({ memoryBytes, claimedBytes }: HostFacts): readonly string[] {
  if (memoryBytes === 0 || claimedBytes <= memoryBytes) return [];
  return [
    `All modules together may use ${inMiB(claimedBytes)} of memory and the host has ${inMiB(memoryBytes)}: containers are killed when they use it; lower resources.memory`,
  ];
}

/** One that is ours is found by the plan: it is the same one, or goes first. */
function nameClash(name: string, { containers, instance }: HostFacts): Clash[] {
  const holder = containers.find((one) => one.name === name);
  if (holder === undefined || holder.owner?.instance === instance) return [];
  const message = `Name "${name}" is taken by ${describe(holder, instance)}; rename or remove that container`;
  return [{ reason: 'NameConflict', message }];
}

function portClash(port: HostPort, { module }: Wanted, facts: HostFacts): Clash[] {
  const holders = portHolders(port, facts);
  const other = holders.find((one) => !isOf(one, module, facts.instance));
  if (other === undefined && holders.length > 0) return [];
  const taken = facts.takenPorts.find((one) => isSamePort(one.port, port));
  const claim = facts.olderClaims.find(({ ports }) => ports.some((one) => isSamePort(one, port)));
  const holder = (other && describe(other, facts.instance)) ?? earlier(claim);
  const why = holder === undefined ? taken?.why : `is taken by ${holder}`;
  if (why === undefined) return [];
  const message = `Port ${portText(port)} of the host ${why}; free it or choose another hostPort`;
  return [{ reason: 'PortConflict', message }];
}

const portHolders = (port: HostPort, { containers }: Pick<HostFacts, 'containers'>): Neighbour[] =>
  containers.filter(({ ports }) => ports.some((one) => isSamePort(one, port)));

const earlier = (claim: Claim | undefined): string | undefined =>
  claim && `module "${claim.module}", which asked for it first`;

function gpuClash(gpu: string, { module }: Wanted, facts: HostFacts): Clash[] {
  const { containers, instance, olderClaims } = facts;
  const holders = containers.filter(({ gpus }) => gpus.includes(gpu));
  if (holders.some((one) => isOf(one, module, instance))) return [];
  const claim = olderClaims.find(({ gpus }) => gpus.includes(gpu));
  const holder = (holders[0] && describe(holders[0], instance)) ?? earlier(claim);
  if (holder === undefined) return [];
  const message = `GPU ${gpu} is taken by ${holder}; choose another one in resources.gpus`;
  return [{ reason: 'GpuConflict', message }];
}

/** More than all modules together is a caution only: few use all that they may. */
function memoryClash({ memoryBytes: wanted }: Wanted, { memoryBytes }: HostFacts): Clash[] {
  if (memoryBytes === 0 || wanted <= memoryBytes) return [];
  const message = `One container may use ${inMiB(wanted)} of memory and the host has ${inMiB(memoryBytes)}; lower resources.memory`;
  return [{ reason: 'MemoryTooLarge', message, isFinal: true }];
}

const isOf = ({ owner }: Neighbour, module: string, instance: string): boolean =>
  owner?.instance === instance && owner.module === module;

/** Says whose a container is. */
function describe({ name, id, owner }: Neighbour, instance: string): string {
  if (owner?.instance === instance)
    return `module "${owner.module}" (slot ${owner.slot}, container "${name}")`;
  const whose = owner === undefined ? `which is not Registrar's` : 'which another Registrar made';
  return `container "${name}" (${id.slice(0, 12)}), ${whose}`;
}
