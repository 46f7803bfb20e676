import { expect, test } from 'vitest';
import type { KnownVulnerability, ScanReport } from '../../../../src/verification/subjects.js';
import { findings } from '../../../helpers/trees.js';

const one = (overrides: Partial<KnownVulnerability> = {}): KnownVulnerability => ({
  ...{ id: 'CVE-2026-1', package: 'left', version: '1.0.0', severity: 'high' },
  ...overrides,
});

const report = (...found: KnownVulnerability[]): ScanReport => ({
  ...{ scanner: 'trivy', version: '0.60.0', found },
});

const of = (scan?: ScanReport, parameters = {}) =>
  findings('tree/vulnerabilities', {}, { ...(scan && { scan }), parameters });

test('tells what is known, where, and what has it fixed', async () => {
  const fixed = one({ fixedIn: '1.0.1', file: 'package-lock.json', severity: 'critical' });
  expect(await of(report(fixed, one()))).toEqual([
    'package-lock.json: left 1.0.0 has CVE-2026-1 (critical), fixed in 1.0.1',
    ': left 1.0.0 has CVE-2026-1 (high), no fix is known',
  ]);
});

test.each([
  [{}, ['critical', 'high', 'unknown']],
  [{ least: 'critical' }, ['critical', 'unknown']],
  [{ least: 'low' }, ['critical', 'high', 'medium', 'low', 'unknown']],
])('counts from the severity on that the policy says: %j', async (parameters, expected) => {
  const all = (['critical', 'high', 'medium', 'low', 'unknown'] as const).map((severity) =>
    one({ severity }),
  );
  const found = await of(report(...all), parameters);
  expect(found.map((line) => /\((\w+)\)/.exec(line)?.[1])).toEqual(expected);
});

test('leaves out what the policy says', async () => {
  expect(await of(report(one()), { ignore: ['CVE-2026-1'] })).toEqual(['passed']);
  expect(await of(report(one()), { onlyFixed: true })).toEqual(['passed']);
  expect(await of(report(one({ fixedIn: '2' })), { onlyFixed: true })).toHaveLength(1);
});

test('nothing found is passed, but no scanner is not', async () => {
  expect(await of(report())).toEqual(['passed']);
  expect(await of()).toEqual([expect.stringMatching(/^notVerified: No scanner is there; install/)]);
  expect(await of({ ...report(), failure: 'no\u001b database' })).toEqual([
    'notVerified: trivy could not look: no? database',
  ]);
});

test('what a scanner says is shown on one line, and not at any length', async () => {
  const [found] = await of(report(one({ package: 'a\n\u202e'.repeat(200) })));
  expect(found?.length).toBeLessThan(200);
  expect(found).toMatch(/^[\p{L}\p{P}\p{N}\p{S} …]+$/u);
});
