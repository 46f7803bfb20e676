import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cycleThrough, reachableFrom, startOrder } from '../../src/lib/graph.js';

type Needs = Readonly<Record<string, readonly string[]>>;
const lookUp = (needs: Needs) => (name: string) => needs[name] ?? [];

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const name = fc.constantFrom(...NAMES);
/** Any graph, cycles, edges to nowhere and to itself included. */
const anyGraph = fc.dictionary(name, fc.uniqueArray(fc.constantFrom(...NAMES, 'nowhere')));
/** One without a cycle: each needs only names before its own. */
const acyclic = fc
  .tuple(...NAMES.map((_, index) => fc.subarray(NAMES.slice(0, index))))
  .map((needs) => Object.fromEntries(NAMES.map((one, index) => [one, needs[index] ?? []])));

describe('cycleThrough', () => {
  it.each([
    [{ a: ['b'], b: ['a'] }, ['a', 'b', 'a']],
    [{ a: ['a'] }, ['a', 'a']],
    [{ a: ['b'], b: ['b'] }, undefined],
    [{ a: ['b', 'c'], b: ['d'], d: ['a'], c: ['a'] }, ['a', 'c', 'a']],
    [{ a: ['gone'] }, undefined],
  ])('of %j is %j', (needs, expected) => {
    expect(cycleThrough('a', lookUp(needs))).toEqual(expected);
  });

  it('is a way along the needs of each, found exactly when one leads back', () => {
    fc.assert(
      fc.property(anyGraph, name, (needs, start) => {
        const needsOf = lookUp(needs);
        const cycle = cycleThrough(start, needsOf);
        const leadsBack = needsOf(start).some((one) =>
          reachableFrom([one], needsOf).includes(start),
        );
        expect(cycle !== undefined).toBe(leadsBack);
        const steps = cycle ?? [];
        expect([steps[0], steps.at(-1)]).toEqual(cycle ? [start, start] : [undefined, undefined]);
        for (const [at, next] of steps.slice(1).entries())
          expect(needsOf(steps[at] ?? '')).toContain(next);
      }),
    );
  });

  it('is none where there is none', () => {
    fc.assert(
      fc.property(acyclic, name, (needs, start) => {
        expect(cycleThrough(start, lookUp(needs))).toBeUndefined();
      }),
    );
  });

  it('of a chain that is longer than a stack is deep is found', () => {
    const length = 100_000;
    const needsOf = (one: string): string[] => [String((Number(one) + 1) % length)];
    expect(cycleThrough('0', needsOf)).toHaveLength(length + 1);
  });
});

describe('startOrder', () => {
  it('has each name once, and each after what it needs', () => {
    fc.assert(
      fc.property(acyclic, fc.subarray(NAMES), (needs, some) => {
        const order = startOrder(some, lookUp(needs));
        expect(order.toSorted()).toEqual(some.toSorted());
        for (const [index, one] of order.entries())
          expect(lookUp(needs)(one).filter((other) => order.indexOf(other) > index)).toEqual([]);
      }),
    );
  });

  it('of a graph with cycles has each name once, too, whatever the order given', () => {
    fc.assert(
      fc.property(anyGraph, fc.shuffledSubarray(NAMES), (needs, some) => {
        const order = startOrder(some, lookUp(needs));
        expect(order.toSorted()).toEqual(some.toSorted());
        expect(startOrder(some.toReversed(), lookUp(needs))).toEqual(order);
      }),
    );
  });
});
