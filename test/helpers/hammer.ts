import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { MODULE_LABEL } from '../../src/model/owner.js';
import { docker } from './engine.js';

const PAUSE_MS = 5;
const TIMEOUT_MS = 2_000;

/** What a client saw that asked all the time. */
export interface Hits {
  /** How often it got each answer. */
  readonly answers: ReadonlyMap<string, number>;
  /** Requests that nobody answered. */
  readonly refused: number;
  /** Longest time from one answer to the next, in milliseconds. */
  readonly longestGapMs: number;
}

/** Where to ask, anew whenever what was known of it does not answer. */
export type Lookup = () => Promise<readonly string[]>;

/** Asks again and again, one request at a time, until it is told to stop; then once more of what there is by then. */
export function hammer(lookup: Lookup): { stop: () => Promise<Hits> } {
  const answers = new Map<string, number>();
  let [isOver, refused, longestGapMs] = [false, 0, 0];
  const run = async (): Promise<Hits> => {
    let known = await lookup();
    let last: number | undefined;
    const once = async (): Promise<void> => {
      let answer = await firstOf(known);
      if (answer === undefined) {
        known = await lookup();
        answer = await firstOf(known);
      }
      const now = performance.now();
      if (answer === undefined) refused += 1;
      else {
        if (last !== undefined) longestGapMs = Math.max(longestGapMs, now - last);
        last = now;
        answers.set(answer, 1 + (answers.get(answer) ?? 0));
      }
    };
    for (; !isOver; await sleep(PAUSE_MS)) await once();
    known = await lookup();
    await once();
    return { answers, refused, longestGapMs };
  };
  const ended = run();
  return {
    stop: () => {
      isOver = true;
      return ended;
    },
  };
}

/** The addresses of the running containers of a module, as a proxy that follows the engine has them. */
export const containersOn = (module: string, port: number): Lookup =>
  containersWith(`${MODULE_LABEL}=${module}`, port);

/** The same of whatever has a label. */
export const containersWith =
  (label: string, port: number): Lookup =>
  async () => {
    const filters = { label: [label], status: ['running'] };
    const running = await docker().listContainers({ filters });
    return running
      .flatMap(({ NetworkSettings }) => Object.values(NetworkSettings.Networks))
      .map(({ IPAddress }) => `${IPAddress}:${port}`);
  };

export const hostPort =
  (port: number): Lookup =>
  async () => [`127.0.0.1:${port}`];

async function firstOf(addresses: readonly string[]): Promise<string | undefined> {
  for (const address of addresses) {
    const answer = await ask(address);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function ask(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const asked = request(`http://${address}/`, { agent: false, signal }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.on('end', () => resolve(body.trim())).on('error', () => resolve(undefined));
    });
    asked.on('error', () => resolve(undefined)).end();
  });
}
