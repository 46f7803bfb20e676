import type { Limits } from './container.js';
import type { ModuleSpec } from './module.js';

const UNITS: Readonly<Record<string, number>> = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3 };

/** Bytes of a quantity such as `512Mi`; NaN when it is not one. */
export function bytesOf(quantity: string): number {
  return Number(quantity.slice(0, -2)) * (UNITS[quantity.slice(-2)] ?? Number.NaN);
}

/** The limits of a spec in the engine's units. */
export function limitsOf({ memory, cpus, pids }: ModuleSpec['resources']): Limits {
  return { memoryBytes: bytesOf(memory), nanoCpus: Math.round(Number(cpus) * 1e9), pids };
}
