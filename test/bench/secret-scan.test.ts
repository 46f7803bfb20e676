import { expect, it } from 'vitest';
import { printFigures } from '../helpers/figures.js';
import { secretCases } from '../helpers/secret-cases.js';
import type { SecretCase } from '../helpers/secret-cases.js';
import { checkTree } from '../helpers/trees.js';

const share = (part: number, all: number): string =>
  all === 0 ? '' : `${((100 * part) / all).toFixed(1)} %`;

it('finds labelled secrets, and passes over what only looks like one', async () => {
  const cases = await Promise.all(secretCases().map(judged));
  const checks = [...new Set(cases.map(({ check }) => check))];
  printFigures('Secrets in files: labelled cases', [
    ['check', 'secrets', 'found', 'recall', 'near misses', 'taken for one', 'false positives'],
    ...checks.map((check) =>
      rowOf(
        check,
        cases.filter((one) => one.check === check),
      ),
    ),
    rowOf('all', cases),
  ]);
  for (const one of cases.filter(({ isSecret, isFound }) => isSecret !== isFound))
    process.stdout.write(`  ${one.isSecret ? 'missed' : 'taken for one'}: ${one.written}\n`);
  expect(cases.length).toBeGreaterThan(100);
});

interface Judged extends SecretCase {
  readonly isFound: boolean;
}

async function judged(one: SecretCase): Promise<Judged> {
  const { result } = await checkTree(one.check, { [one.path]: one.text });
  return { ...one, isFound: result === 'failed' };
}

function rowOf(name: string, cases: readonly Judged[]): string[] {
  const secrets = cases.filter(({ isSecret }) => isSecret);
  const near = cases.filter(({ isSecret }) => !isSecret);
  const [found, taken] = [secrets, near].map((some) => some.filter((one) => one.isFound).length);
  return [
    ...[name, `${secrets.length}`, `${found}`, share(found ?? 0, secrets.length)],
    ...[`${near.length}`, `${taken}`, share(taken ?? 0, near.length)],
  ];
}
