import { describe, expect, test } from 'vitest';
import { DOCKERFILE_CHECKS } from '../../../src/verification/checks/dockerfile/checks.js';
import { CASES, linesFound } from '../../helpers/dockerfile-cases.js';
import type { DockerfileCase } from '../../helpers/dockerfile-cases.js';

/** What is found by the checks that the labels are of, in the form of the labels. */
async function foundIn({ text, expect: labels, complete, parameters }: DockerfileCase) {
  const found = [...(await linesFound(text, parameters))];
  const labelled = found.filter(([id, lines]) =>
    complete === true ? lines.length > 0 || id in labels : id in labels,
  );
  return Object.fromEntries(labelled);
}

describe.each([...new Set(CASES.map(({ file }) => file))])('%s', (file) => {
  const cases = CASES.filter((one) => one.file === file);
  const agreed = cases.filter(({ disagrees }) => disagrees === undefined);

  test.each(agreed.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await foundIn(one)).toEqual(one.expect);
  });

  test('what is said to disagree does', async () => {
    for (const one of cases.filter(({ disagrees }) => disagrees !== undefined))
      expect(await foundIn(one), one.name).not.toEqual(one.expect);
  });
});

test('each check is labelled where it finds something, and where it does not', () => {
  const ids = DOCKERFILE_CHECKS.map(({ id }) => id.replace('dockerfile/', ''));
  const labelled = (isGood: (lines: readonly number[]) => boolean): string[] =>
    CASES.flatMap(({ expect: labels }) =>
      Object.entries(labels).flatMap(([id, lines]) => (isGood(lines) ? [id] : [])),
    );
  const hits = new Set(labelled((lines) => lines.length > 0));
  const misses = new Set(labelled((lines) => lines.length === 0));
  // It is about the file, not about a line of it: test/verification/checks/dockerfile-present.test.ts.
  const ofLines = ids.filter((id) => id !== 'present');
  expect(ofLines.filter((id) => !hits.has(id) || !misses.has(id))).toEqual([]);
  expect([...hits, ...misses].filter((id) => !ids.includes(id))).toEqual([]);
});
