import type { UsageSample } from '../model/usage.js';
import type { EngineClient } from './client.js';
import { integerOf, replyOf, textOf } from './reply.js';
import type { Reply } from './reply.js';

/**
 * What a container has used until now, in one look of the engine; without `one-shot` it would take
 * a second to look twice. undefined for one that does not run.
 */
export async function containerStats(
  id: string,
  client: EngineClient,
): Promise<UsageSample | undefined> {
  const doing = `measure container ${id.slice(0, 12)}`;
  const query = { stream: '0', 'one-shot': '1' };
  const call = { method: 'GET', path: `/containers/${id}/stats`, query, doing } as const;
  return sampleOf(await client.call(call));
}

/** A look in the engine's words; undefined when it saw no process. */
export function sampleOf(stats: unknown): UsageSample | undefined {
  const reply = replyOf(stats);
  const at = Date.parse(textOf(reply['read']));
  const cpuNanoseconds = integerOf(part(reply, 'cpu_stats', 'cpu_usage')['total_usage']);
  const memory = replyOf(reply['memory_stats']);
  if (!(at > 0)) return undefined;
  return {
    at,
    cpuNanoseconds,
    memoryBytes: Math.max(0, integerOf(memory['usage']) - idleCache(memory)),
  };
}

/** File pages that the kernel gives up first: version 2 of cgroups names them otherwise than 1. */
function idleCache(memory: Reply): number {
  const { total_inactive_file: first, inactive_file: second } = replyOf(memory['stats']);
  return integerOf(first ?? second);
}

const part = (reply: Reply, outer: string, inner: string): Reply =>
  replyOf(replyOf(reply[outer])[inner]);
