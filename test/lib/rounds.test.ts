import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { inRounds } from '../../src/lib/rounds.js';

/** Works only once all that an item needs is done. */
async function run(items: readonly number[], needs: ReadonlyMap<number, number[]>) {
  const done = new Set<number>();
  const rounds: number[][] = [];
  const work = async (left: readonly number[]): Promise<boolean[]> => {
    rounds.push([...left]);
    return left.map((item) => {
      const works = (needs.get(item) ?? []).every((one) => done.has(one));
      if (works) done.add(item);
      return works;
    });
  };
  return { results: await inRounds(items, work, (works) => !works), rounds };
}

it('tries again as long as that gets anything done, and no longer', async () => {
  const needs = new Map([
    [1, [2]],
    [2, [3]],
    [4, [5]],
    [5, [4]],
  ]);
  const { results, rounds } = await run([1, 2, 3, 4, 5], needs);
  expect(results).toEqual([true, true, true, false, false]);
  expect(rounds).toEqual([
    [1, 2, 3, 4, 5],
    [1, 2, 4, 5],
    [1, 4, 5],
    [4, 5],
  ]);
});

it('comes to the same in whatever order', async () => {
  const numbers = Array.from({ length: 6 }, (_, index) => index);
  const edges = fc.array(fc.tuple(fc.constantFrom(...numbers), fc.constantFrom(...numbers)));
  const shuffled = fc.shuffledSubarray(numbers, { minLength: numbers.length });
  await fc.assert(
    fc.asyncProperty(edges, shuffled, async (pairs, order) => {
      const needs = new Map(
        numbers.map((one) => [one, pairs.flatMap(([from, to]) => (from === one ? [to] : []))]),
      );
      const plain = await run(numbers, needs);
      const other = await run(order, needs);
      expect(order.map((item) => plain.results[item])).toEqual(other.results);
    }),
  );
});
