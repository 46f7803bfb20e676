import { limitsOf } from '../../model/limits.js';
import { hostPortsOf, isSamePort, portText } from '../../model/host.js';
import type { Module } from '../../model/module.js';
import type { Claim } from '../../plan/preflight.js';
import type { Registry } from '../../registry/registry.js';
import { wantsContainers } from '../desired.js';

/** What all modules ask for, seen from one of them. */
export interface Claims {
  /** Of those that asked before it. */
  readonly older: readonly Claim[];
  /** Memory that all may use, with the module itself. */
  readonly memoryBytes: number;
}

/** What modules ask for that want containers, whether they have it or not. */
export function claimsAround(module: Module, registry: Pick<Registry, 'list'>): Claims {
  const others = registry
    .list('Module')
    .items.map(({ object }) => object)
    .filter((one) => one.metadata.name !== module.metadata.name && wantsContainers(one));
  return {
    older: others.filter((one) => isOlder(one, module)).map(claimOf),
    memoryBytes: [...others, module].reduce((sum, one) => sum + claimOf(one).memoryBytes, 0),
  };
}

function claimOf({ metadata, spec }: Module): Claim {
  const { memoryBytes } = limitsOf(spec.resources);
  return {
    module: metadata.name,
    ports: hostPortsOf(spec),
    gpus: spec.resources.gpus,
    memoryBytes: memoryBytes * spec.replicas,
  };
}

/** Names decide between those of one second, so that never both of two wait for each other. */
function isOlder(a: Module, b: Module): boolean {
  const [first, second] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return first === second ? a.metadata.name < b.metadata.name : first < second;
}

/** What others asked for first, in words. */
export function claimCautions(module: Module, registry: Pick<Registry, 'list'>): string[] {
  if (!wantsContainers(module)) return [];
  const mine = claimOf(module);
  if (mine.ports.length + mine.gpus.length === 0) return [];
  const { older } = claimsAround(module, registry);
  return older.flatMap((claim) => [
    ...mine.ports
      .filter((port) => claim.ports.some((one) => isSamePort(one, port)))
      .map((port) => `Port ${portText(port)} of the host is asked for by ${first(claim)}`),
    ...mine.gpus
      .filter((gpu) => claim.gpus.includes(gpu))
      .map((gpu) => `GPU ${gpu} is asked for by ${first(claim)}`),
  ]);
}

const first = ({ module }: Claim): string =>
  `module "${module}" first: this module waits until that one lets go of it`;
