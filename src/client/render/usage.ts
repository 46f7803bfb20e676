import type { PodMetrics } from '../usage.js';

export const USAGE_HEADER = ['NAME', 'CPU(cores)', 'MEMORY(bytes)'];

/** Billionths and Kibibytes, as the server tells them, in the units of `kubectl top`. */
export function usageRow({ metadata, containers }: PodMetrics): string[] {
  const { cpu = '0n', memory = '0Ki' } = containers[0]?.usage ?? {};
  const millicores = Math.ceil(Number.parseInt(cpu, 10) / 1e6);
  const mebibytes = Math.floor(Number.parseInt(memory, 10) / 1024);
  return [metadata.name, `${millicores}m`, `${mebibytes}Mi`];
}
