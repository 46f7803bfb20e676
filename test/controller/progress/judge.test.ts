import { describe, expect, it } from 'vitest';
import { beginning, judge } from '../../../src/controller/progress/judge.js';
import type { Sample, Terms } from '../../../src/controller/progress/judge.js';

const terms: Terms = { withinMs: 10_000, longestGapMs: 5_000, notBefore: 0 };
const blind: Sample = { kind: 'blind' };
const nothing: Sample = { kind: 'nothing', detail: 'there is none' };
const seen = (value: string): Sample => ({ kind: 'seen', value, detail: `it is ${value}` });

/** The verdict after each of some looks, from time 0 on. */
function verdicts(looks: readonly (readonly [at: number, sample: Sample])[], given = terms) {
  let progress = beginning(0, given);
  return looks.map(([at, sample]) => {
    progress = judge(progress, sample, at, given);
    return progress.isStuck;
  });
}

describe('judge()', () => {
  it('calls stuck what was the same in every look for as long as it may be, and no earlier', () => {
    const looks = [0, 4_000, 8_000, 9_999, 10_000].map((at) => [at, seen('1')] as const);
    expect(verdicts(looks)).toEqual([false, false, false, false, true]);
  });

  it('takes any change for progress, also back to an earlier value', () => {
    const values = ['1', '2', '1', '1'];
    const looks = values.map((value, index) => [index * 4_000, seen(value)] as const);
    expect(verdicts([...looks, [16_000, seen('1')], [17_999, seen('1')]])).not.toContain(true);
    expect(verdicts([...looks, [16_000, seen('1')], [18_000, seen('1')]]).at(-1)).toBe(true);
  });

  it('calls stuck what never shows anything, and moving what shows something at last', () => {
    const looks = [0, 5_000, 10_000].map((at) => [at, nothing] as const);
    expect(verdicts([...looks, [11_000, seen('1')]])).toEqual([false, false, true, false]);
  });

  it('does not take the same value for progress after it was away for a while', () => {
    const looks = [seen('1'), nothing, nothing, seen('1')].map(
      (sample, index) => [index * 4_000, sample] as const,
    );
    expect(verdicts(looks).at(-1)).toBe(true);
  });

  it('begins anew when it could not look', () => {
    const looks = [0, 4_000, 8_000].map((at) => [at, seen('1')] as const);
    const after = [12_000, 16_000, 18_999].map((at) => [at, seen('1')] as const);
    expect(verdicts([...looks, [9_000, blind], ...after])).not.toContain(true);
    const late = [12_000, 16_000, 19_000].map((at) => [at, seen('1')] as const);
    expect(verdicts([...looks, [9_000, blind], ...late]).at(-1)).toBe(true);
  });

  it('begins anew after a time without any look, as when the daemon was stopped', () => {
    expect(
      verdicts([
        [0, seen('1')],
        [60_000, seen('1')],
        [64_000, seen('1')],
      ]),
    ).toEqual([false, false, false]);
  });

  it('takes back its verdict when nobody can look', () => {
    const looks = [0, 5_000, 10_000].map((at) => [at, seen('1')] as const);
    expect(verdicts([...looks, [11_000, blind]])).toEqual([false, false, true, false]);
  });

  it('lets a container stand still in its start period, and for the whole time after that', () => {
    const given = { ...terms, notBefore: 20_000 };
    const looks = Array.from({ length: 11 }, (_, index) => [index * 3_000, seen('1')] as const);
    expect(verdicts(looks, given).indexOf(true)).toBe(10);
  });
});
