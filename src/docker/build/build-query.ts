import type { BuildRequest } from '../runtime.js';
import { extraHost } from './build-mark.js';

/** The engine's default for the period that a quota of processor time is for. */
const CPU_PERIOD_MICROSECONDS = 100_000;
const NANO = 1e9;

/**
 * How the engine is asked to build: by its classic builder, from nothing but the archive that is
 * sent, without arguments, without labels, and without a tag, which it would give before
 * anybody could look.
 */
export function buildQuery(
  { limits }: Pick<BuildRequest, 'limits'>,
  dockerfile: string,
  mark: string,
): Record<string, string> {
  const { memoryBytes, nanoCpus, fileBytes } = limits;
  return {
    version: '1',
    dockerfile,
    rm: '1',
    forcerm: '1',
    networkmode: 'default',
    extrahosts: extraHost(mark),
    // No swap beyond it.
    ...{ memory: String(memoryBytes), memswap: String(memoryBytes) },
    cpuperiod: String(CPU_PERIOD_MICROSECONDS),
    cpuquota: String(Math.round((nanoCpus / NANO) * CPU_PERIOD_MICROSECONDS)),
    ulimits: JSON.stringify([{ Name: 'fsize', Soft: fileBytes, Hard: fileBytes }]),
  };
}
