import { expect, it } from 'vitest';
import { DOCKERFILE_CHECKS } from '../../src/verification/checks/dockerfile/checks.js';
import { CASES, linesFound } from '../helpers/dockerfile-cases.js';
import { printFigures } from '../helpers/figures.js';

/** How often a check agrees with the labels, line by line. */
interface Agreement {
  cases: number;
  hits: number;
  falsePositives: number;
  misses: number;
}

const agreements = new Map<string, Agreement>(
  DOCKERFILE_CHECKS.map(({ id }) => [id, { cases: 0, hits: 0, falsePositives: 0, misses: 0 }]),
);

/** Of two lists of lines: how many are in both, only in the first, only in the second. */
function compared(found: readonly number[], labelled: readonly number[]): number[] {
  const left = [...found];
  const both = labelled.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  }).length;
  return [both, left.length, labelled.length - both];
}

it('tells how far the checks of Dockerfiles agree with the labels', async () => {
  for (const { text, expect: labels, complete, parameters } of CASES) {
    for (const [name, found] of await linesFound(text, parameters)) {
      const agreement = agreements.get(`dockerfile/${name}`);
      if (agreement === undefined || !(complete === true || name in labels)) continue;
      const [hits = 0, falsePositives = 0, misses = 0] = compared(found, labels[name] ?? []);
      agreement.cases += 1;
      agreement.hits += hits;
      agreement.falsePositives += falsePositives;
      agreement.misses += misses;
    }
  }
  const figures = ({ cases, hits, falsePositives, misses }: Agreement): string[] =>
    [cases, hits, falsePositives, misses].map(String);
  const sum = (of: keyof Agreement): number =>
    [...agreements.values()].reduce((total, agreement) => total + agreement[of], 0);
  const all = { cases: sum('cases'), hits: sum('hits'), misses: sum('misses') };
  printFigures(`Checks of Dockerfiles on ${CASES.length} labelled ones, line by line`, [
    ['', 'same as', 'cases', 'hits', 'false positives', 'misses'],
    ...DOCKERFILE_CHECKS.map(({ id, reference = '' }) => {
      const agreement = agreements.get(id);
      return [id, reference, ...(agreement === undefined ? [] : figures(agreement))];
    }),
    ['all', '', ...figures({ ...all, falsePositives: sum('falsePositives') })],
  ]);
  expect(all.hits).toBeGreaterThan(all.misses);
});
