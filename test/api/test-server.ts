import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { listen } from '../../src/api/serving/listen.js';
import type { Listening, ListenSettings } from '../../src/api/serving/listen.js';
import { silentLog } from '../../src/lib/log.js';
import { TOKEN } from './test-api.js';
import type { TestApi } from './test-api.js';

/** A directory whose path is short enough for a socket in it; gone when the test ends. */
export function shortDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'api-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The API on a free port and on a socket; closed when the test ends. */
export async function startTestServer(
  { server }: Pick<TestApi, 'server'>,
  settings: Partial<ListenSettings> = {},
): Promise<Listening> {
  const listening = await listen({
    ...{ server, port: 0, host: '127.0.0.1', log: silentLog },
    socketPath: join(shortDirectory(), 'api.sock'),
    ...settings,
  });
  onTestFinished(() => listening.close());
  return listening;
}

/** Sends a GET with the token and resolves with the head of the answer. */
export function get(
  { port }: Pick<Listening, 'port'>,
  path: string,
  more: Record<string, string> = {},
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${TOKEN}`, ...more };
    const sent = request({ host: '127.0.0.1', port, path, headers }, resolve);
    sent.on('error', reject);
    sent.end();
    onTestFinished(() => void sent.destroy());
  });
}

export interface WatchedEvent {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly object: any;
}

/** The events of a watch as they come. */
export class WatchReader {
  readonly #lines: AsyncIterator<string>;

  constructor(readonly response: IncomingMessage) {
    this.#lines = createInterface({ input: response })[Symbol.asyncIterator]();
  }

  /** Waits for the next one; undefined when the watch ended. */
  async next(): Promise<WatchedEvent | undefined> {
    const { value, done } = await this.#lines.next();
    return done === true ? undefined : (JSON.parse(value) as WatchedEvent);
  }

  /** Waits for as many, in short: `ADDED demo`. */
  async take(count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) taken.push(summaryOf(await this.next()));
    return taken;
  }

  /** Everything until the watch ends, in short. */
  async rest(): Promise<string[]> {
    const taken: string[] = [];
    for (let event = await this.next(); event; event = await this.next()) {
      taken.push(summaryOf(event));
    }
    return taken;
  }
}

const summaryOf = (event: WatchedEvent | undefined): string =>
  event === undefined ? 'END' : `${event.type} ${event.object.metadata.name ?? ''}`.trim();

/** Opens a watch. */
export async function openWatch(
  listening: Listening,
  path: string,
  headers: Record<string, string> = {},
): Promise<WatchReader> {
  return new WatchReader(await get(listening, path, headers));
}
