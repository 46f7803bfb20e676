import type { Readable } from 'node:stream';
import type { EngineClient } from './client.js';
import { toEngineError } from './errors.js';
import { logText } from './log-frames.js';
import type { LogOptions } from './runtime.js';

/** Output of a container as lines of text. Destroying it ends the request. */
export async function containerLogs(
  id: string,
  hasTerminal: boolean,
  options: LogOptions,
  client: EngineClient,
): Promise<Readable> {
  const doing = `read the log of container ${id.slice(0, 12)}`;
  const call = { method: 'GET', path: `/containers/${id}/logs`, doing } as const;
  const abort = new AbortController();
  const raw = await client.stream({ ...call, query: queryOf(options) }, abort.signal);
  const text = logText(hasTerminal);
  raw.on('error', (error) => text.destroy(toEngineError(error, doing, client.dockerHost)));
  text.on('close', () => raw.destroy());
  return raw.pipe(text);
}

function queryOf({ follow, tail, sinceSeconds, timestamps }: LogOptions): Record<string, string> {
  return {
    stdout: '1',
    stderr: '1',
    follow: follow ? '1' : '0',
    ...(tail !== undefined && { tail: String(tail) }),
    ...(sinceSeconds !== undefined && { since: String(unixTimeBefore(sinceSeconds)) }),
    ...(timestamps === true && { timestamps: '1' }),
  };
}

const unixTimeBefore = (seconds: number): number => Math.floor(Date.now() / 1000 - seconds);
