import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MODULE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { labelFilter } from './names.js';
import { parseJson, replyOf, textOf, textsOf } from './reply.js';
import type { RuntimeEvent } from './runtime.js';
import { TextLines } from './text-lines.js';

export interface EventTimes {
  /** First and longest wait before connecting again; client-go's. */
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
  /** A connection that lived this long was a good one: the next wait is short again. */
  readonly goodMs: number;
  /** After this long without a word the engine is asked whether it is there still. */
  readonly silenceMs: number;
}

export const EVENT_TIMES: EventTimes = {
  minRetryMs: 800,
  maxRetryMs: 30_000,
  goodMs: 120_000,
  silenceMs: 60_000,
};

/** Longest event; the engine repeats all labels of a container in it. */
const MAX_LINE = 256 * 1024;

/** What can change how a container is; exec, attach, copy and the like cannot. */
const ACTIONS = new Set([
  ...['create', 'start', 'restart', 'die', 'stop', 'kill', 'oom', 'destroy'],
  ...['pause', 'unpause', 'rename', 'update', 'health_status'],
]);

/**
 * Follows the engine's events until the signal aborts, connecting again when the stream ends. The
 * engine drops events for a slow reader without a word, so they are hints only.
 */
export async function* followEvents(
  client: EngineClient,
  instanceId: string,
  signal: AbortSignal,
  times: EventTimes = EVENT_TIMES,
): AsyncGenerator<RuntimeEvent> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const openedAt = performance.now();
    yield* oneStream(client, instanceId, signal, times);
    if (performance.now() - openedAt >= times.goodMs) attempt = 0;
    await sleep(retryDelayMs(attempt, times), undefined, { signal }).catch(() => undefined);
  }
}

/** Doubles up to the longest, less up to half by chance, so that many clients do not come at once. */
function retryDelayMs(attempt: number, { minRetryMs, maxRetryMs }: EventTimes): number {
  const full = Math.min(maxRetryMs, minRetryMs * 2 ** Math.min(attempt, 16));
  return Math.max(minRetryMs, full * (0.5 + Math.random() / 2));
}

/** The events of one connection, between two gaps; ends when it does, for whatever reason. */
async function* oneStream(
  client: EngineClient,
  instanceId: string,
  signal: AbortSignal,
  times: EventTimes,
): AsyncGenerator<RuntimeEvent> {
  const stream = await open(client, instanceId, signal);
  if (stream === undefined) return;
  const silence = watchSilence(stream, client, times.silenceMs);
  try {
    yield { kind: 'gap' };
    const lines = new TextLines(MAX_LINE);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      silence.broken();
      for (const line of lines.push(chunk)) {
        const event = eventOf(line);
        if (event !== undefined) yield event;
      }
    }
  } catch {
    // However it ended, something may be missed from now on.
  } finally {
    silence.end();
    stream.destroy();
    client.renew();
  }
  if (!signal.aborted) yield { kind: 'gap' };
}

async function open(
  client: EngineClient,
  instanceId: string,
  signal: AbortSignal,
): Promise<Readable | undefined> {
  const filters = JSON.stringify({ type: ['container'], ...labelFilter(instanceId) });
  const call = {
    method: 'GET',
    path: '/events',
    query: { filters },
    doing: 'follow events',
  } as const;
  return client.stream(call, signal).catch(() => undefined);
}

/** A connection can be dead without a sign of it: an engine that does not answer either ends it. */
function watchSilence(
  stream: Readable,
  client: EngineClient,
  silenceMs: number,
): { broken: () => void; end: () => void } {
  let heard = false;
  const timer = setInterval(() => {
    if (!heard) client.ping().catch(() => stream.destroy());
    heard = false;
  }, silenceMs);
  return { broken: () => (heard = true), end: () => clearInterval(timer) };
}

/** The event that a line of JSON says; undefined when it is noise, foreign or garbage. */
export function eventOf(line: string): RuntimeEvent | undefined {
  const event = replyOf(parseJson(line));
  const actor = replyOf(event['Actor']);
  const id = textOf(actor['ID']);
  const module = textsOf(actor['Attributes'])[MODULE_LABEL] ?? '';
  const action = textOf(event['Action']).replace(/:.*/s, '');
  const isOurs = event['Type'] === 'container' && id !== '' && module !== '';
  return isOurs && ACTIONS.has(action) ? { kind: 'container', id, module, action } : undefined;
}
