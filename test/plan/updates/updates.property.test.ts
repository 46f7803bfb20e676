import { fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { DAYS } from '../../../src/model/updates-spec.js';
import type { ChangeWindow } from '../../../src/model/updates-spec.js';
import type { Candidate } from '../../../src/model/updates-status.js';
import { candidatesAfter, MAX_CANDIDATES, seenMs } from '../../../src/plan/updates/candidates.js';
import type { Sighting } from '../../../src/plan/updates/candidates.js';
import { isOpen, opensAt } from '../../../src/plan/updates/change-window.js';
import { chooseUpdate } from '../../../src/plan/updates/choose.js';
import type { UpdateRules } from '../../../src/plan/updates/choose.js';

const START = Date.parse('2026-01-05T00:00:00Z');
const MINUTE = 60_000;

const aTime = fc
  .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

const aWindow: fc.Arbitrary<ChangeWindow> = fc.record({
  days: fc.subarray([...DAYS], { minLength: 1 }),
  ...{ from: aTime, to: aTime },
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns'),
});

/** What happens between two looks: time goes on, and the branch is at some commit. */
const aStep = fc.record({
  minutes: fc.integer({ min: 0, max: 120 }),
  /** Mostly a new commit; else one that was there before, as after a push by force. */
  back: fc.option(fc.nat({ max: 5 }), { freq: 4 }),
});

interface Taken {
  readonly candidate: Candidate;
  readonly at: number;
  readonly wasUrgent: boolean;
}

/** Follows a branch step by step and takes up whatever may be. */
function followed(
  steps: readonly { readonly minutes: number; readonly back: number | null }[],
  rules: UpdateRules,
): Taken[] {
  const heads = ['0'];
  const taken: Taken[] = [];
  let now = START;
  let memory = {
    candidates: [] as Candidate[],
    ran: [] as string[],
    current: { id: '0', version: '' },
  };
  for (const [index, { minutes, back }] of steps.entries()) {
    now += minutes * MINUTE;
    const id = back === null ? String(index + 1) : (heads.at(-1 - back) ?? '0');
    heads.push(id);
    const sighting: Sighting = {
      kind: 'head',
      name: 'refs/heads/main',
      id,
      version: `1.0.0+${id}`,
    };
    const candidates = candidatesAfter(memory, sighting, now);
    expect(candidates.length).toBeLessThanOrEqual(MAX_CANDIDATES);
    memory = { ...memory, candidates };
    const { next, wait, isUrgent } = chooseUpdate(candidates, rules, now);
    if (next === undefined || wait !== undefined) continue;
    taken.push({ candidate: next, at: now, wasUrgent: isUrgent });
    memory = {
      candidates: candidates.slice(candidates.indexOf(next) + 1),
      ran: [...memory.ran, memory.current.id],
      current: next,
    };
  }
  return taken;
}

const someRules = fc.record({
  cooldownMs: fc.integer({ min: 0, max: 24 * 60 }).map((minutes) => minutes * MINUTE),
  window: fc.option(aWindow, { nil: undefined }),
  urgent: fc.option(
    fc.nat({ max: 40 }).map((index) => `1.0.0+${index}`),
    { nil: undefined },
  ),
  quarantined: fc
    .array(fc.nat({ max: 40 }).map(String), { maxLength: 5 })
    .map((ids) => new Set(ids)),
});

const steps = fc.array(aStep, { maxLength: 60 });

describe('whatever is pushed, and whenever', () => {
  test('nothing is taken up before it is old enough, or outside the window, unless it is urgent', () => {
    fc.assert(
      fc.property(steps, someRules, (happened, rules) => {
        for (const { candidate, at, wasUrgent } of followed(happened, rules)) {
          if (wasUrgent) expect(candidate.version).toBe(rules.urgent);
          else {
            expect(at - seenMs(candidate)).toBeGreaterThanOrEqual(rules.cooldownMs);
            expect(rules.window === undefined || isOpen(rules.window, at)).toBe(true);
          }
        }
      }),
    );
  });

  test('nothing runs twice, and nothing runs that is in quarantine', () => {
    fc.assert(
      fc.property(steps, someRules, (happened, rules) => {
        const ids = ['0', ...followed(happened, rules).map(({ candidate: { id } }) => id)];
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.some((id, index) => index > 0 && rules.quarantined.has(id))).toBe(false);
      }),
    );
  });

  test('a branch that moves on all the time is still followed, within a cooldown and a step', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 20 }),
        (cooldown, minutes) => {
          const rules = {
            ...{ cooldownMs: cooldown * MINUTE, window: undefined, urgent: undefined },
            quarantined: new Set<string>(),
          };
          const count = Math.ceil((cooldown * 3) / minutes) + 2;
          const taken = followed(
            Array.from({ length: count }, () => ({ minutes, back: null })),
            rules,
          );
          const times = [START, ...taken.map(({ at }) => at)];
          const end = START + count * minutes * MINUTE;
          const gaps = [...times.slice(1), end].map((at, index) => at - (times[index] ?? 0));
          // What is thinned out costs the distance between two candidates that are kept.
          const most =
            cooldown + minutes + Math.max(minutes, (2 * cooldown) / MAX_CANDIDATES + minutes);
          expect(Math.max(...gaps)).toBeLessThanOrEqual(most * MINUTE);
        },
      ),
      { numRuns: 20 },
    );
  });
});

test('a window that is closed opens just when it is said to, and not before', () => {
  fc.assert(
    fc.property(aWindow, fc.nat({ max: 60 * 24 * 400 }), (window, minutes) => {
      const now = START + minutes * MINUTE;
      fc.pre(!isOpen(window, now));
      const opens = opensAt(window, now);
      expect(isOpen(window, opens)).toBe(true);
      for (let at = Math.max(now, opens - 10 * MINUTE); at < opens; at += MINUTE) {
        expect(isOpen(window, at)).toBe(false);
      }
    }),
  );
});
