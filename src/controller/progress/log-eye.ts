import type { Readable } from 'node:stream';
import type { Runtime } from '../../docker/runtime.js';
import type { Clock } from '../../lib/clock.js';
import { linearPattern } from '../../lib/linear-pattern.js';
import type { LinearPattern } from '../../lib/linear-pattern.js';
import type { Eye } from './eye.js';
import type { Sample } from './judge.js';

/** What is looked at of a longer line, in characters. */
const MAX_LINE = 2 * 1024;

/** Matching goes on this long before everything else gets its turn, in milliseconds. */
const TURN_MS = 5;

/** Then it rests so many times as long, so that no log takes more than a tenth of the processor. */
const REST = 9;

/** What a pattern comes to that is none: validation lets none of them in. */
const NEVER: LinearPattern = () => false;

interface Sight {
  readonly runtime: Pick<Runtime, 'logs'>;
  readonly clock: Clock;
}

/**
 * Follows the log of a container until a new line matches, and from the next look on again: of a
 * container that moves little is read, however much it writes. What it wrote before, and while the
 * log could not be followed, does not count.
 */
export function logEye(id: string, pattern: string, { runtime, clock }: Sight): Eye {
  const matches = linearPattern(pattern) ?? NEVER;
  let found = 0;
  let told = 0;
  let following: Readable | undefined;
  let isClosed = false;

  const read = async (log: Readable): Promise<void> => {
    try {
      if (await hasMatch(log, matches, clock)) found += 1;
    } catch {
      // It ended half-way, which the next look tells.
    } finally {
      following = undefined;
      log.destroy();
    }
  };
  const follow = async (): Promise<void> => {
    const log = await runtime.logs(id, { follow: true, tail: 0 });
    if (isClosed) return void log.destroy();
    following = log;
    void read(log);
  };
  const look = async (): Promise<Sample> => {
    const wasFollowed = following !== undefined || found > told;
    told = found;
    if (following === undefined) await follow();
    return wasFollowed ? { kind: 'seen', value: String(told), detail: '' } : { kind: 'blind' };
  };
  return {
    look: () => look().catch(() => ({ kind: 'blind' })),
    close: () => {
      isClosed = true;
      following?.destroy();
    },
  };
}

/** Reads lines up to the first that matches. */
async function hasMatch(log: Readable, matches: LinearPattern, clock: Clock): Promise<boolean> {
  for await (const text of log) {
    let began = clock.monotonic();
    for (const line of String(text).split('\n').slice(0, -1)) {
      if (matches(line.slice(0, MAX_LINE))) return true;
      const took = clock.monotonic() - began;
      if (took < TURN_MS) continue;
      await new Promise<void>((resolve) => clock.after(took * REST, resolve));
      began = clock.monotonic();
    }
  }
  return false;
}
