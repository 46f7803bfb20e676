import type { Readable } from 'node:stream';
import type { EngineClient } from './client.js';
import { toEngineError } from './errors.js';
import { lastLines } from './last-lines.js';
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
  const text = logText(hasTerminal, options.timestamps);
  raw.on('error', (error) => text.destroy(toEngineError(error, doing, client.dockerHost)));
  text.on('close', () => raw.destroy());
  raw.pipe(text);
  return isTailOurs(options) ? tailOf(text, options.tail ?? 0) : text;
}

/** The engine takes the last lines first and then those before a time, which may be none. */
const isTailOurs = ({ tail, untilTime }: LogOptions): boolean =>
  tail !== undefined && untilTime !== undefined;

function tailOf(text: Readable, count: number): Readable {
  const tail = lastLines(count);
  text.on('error', (error) => tail.destroy(error));
  tail.on('close', () => text.destroy());
  return text.pipe(tail);
}

function queryOf(options: LogOptions): Record<string, string> {
  const { follow, tail, sinceTime, untilTime, timestamps } = options;
  return {
    stdout: '1',
    stderr: '1',
    follow: follow ? '1' : '0',
    ...(tail !== undefined && !isTailOurs(options) && { tail: String(tail) }),
    ...(sinceTime !== undefined && { since: unixTime(sinceTime) }),
    ...(untilTime !== undefined && { until: unixTime(untilTime) }),
    ...(timestamps === true && { timestamps: '1' }),
  };
}

/** Seconds with a fraction, as the engine reads them. */
const unixTime = (milliseconds: number): string => (Math.max(0, milliseconds) / 1000).toFixed(3);
