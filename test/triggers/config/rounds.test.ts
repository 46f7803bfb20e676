import { beforeEach, describe, expect, it } from 'vitest';
import { DEBOUNCE_MS, Rounds } from '../../../src/triggers/config/rounds.js';
import type { Cause } from '../../../src/triggers/config/rounds.js';
import { FakeClock, settle } from '../../helpers/fake-clock.js';

const RESCAN_MS = 20_000;

let clock: FakeClock;
let causes: Cause[];
let rounds: Rounds;
/** Ends the round that runs, when rounds wait for it. */
let end: () => void;
let isSlow: boolean;

beforeEach(() => {
  clock = new FakeClock();
  causes = [];
  isSlow = false;
  end = () => undefined;
  rounds = new Rounds(clock, async (cause) => {
    causes.push(cause);
    if (isSlow) await new Promise<void>((done) => (end = done));
    return RESCAN_MS;
  });
});

describe('Rounds', () => {
  it('runs one round for many hints', async () => {
    for (let hint = 0; hint < 100; hint += 1) rounds.hint();
    await clock.advance(DEBOUNCE_MS);
    expect(causes).toEqual(['hint']);
  });

  it('is not put off for ever by hints that go on', async () => {
    for (let ms = 0; ms < 10 * DEBOUNCE_MS; ms += 10) {
      rounds.hint();
      await clock.advance(10);
    }
    expect(causes.length).toBeGreaterThan(5);
  });

  it('runs again after the delay that a round asks for', async () => {
    rounds.hint();
    await clock.advance(DEBOUNCE_MS + 2 * RESCAN_MS);
    expect(causes).toEqual(['hint', 'time', 'time']);
  });

  it('runs one round at a time and lets one more wait', async () => {
    isSlow = true;
    rounds.hint();
    await clock.advance(DEBOUNCE_MS);
    for (let hint = 0; hint < 10; hint += 1) {
      rounds.hint();
      await clock.advance(DEBOUNCE_MS);
    }
    expect(causes).toEqual(['hint']);
    isSlow = false;
    end();
    await settle();
    await clock.advance(DEBOUNCE_MS);
    expect(causes).toEqual(['hint', 'hint']);
  });

  it('runs a task between rounds, and goes on when it fails', async () => {
    await expect(rounds.exclusive(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    rounds.hint();
    await clock.advance(DEBOUNCE_MS);
    expect(causes).toEqual(['hint']);
  });

  it('waits on close for the round that runs and starts no other', async () => {
    isSlow = true;
    rounds.hint();
    await clock.advance(DEBOUNCE_MS);
    let isClosed = false;
    const closing = rounds.close().then(() => (isClosed = true));
    await settle();
    expect(isClosed).toBe(false);
    end();
    await closing;
    rounds.hint();
    await clock.advance(RESCAN_MS);
    expect(causes).toEqual(['hint']);
    expect(clock.waiting).toEqual([]);
  });
});
