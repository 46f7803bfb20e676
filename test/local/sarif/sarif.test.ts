import { expect, test } from 'vitest';
import { parseDeclared } from '../../../src/kinds/declared.js';
import { sarifLog } from '../../../src/local/sarif/log.js';
import type { VerifiedModule } from '../../../src/local/verify/verify-module.js';
import type { Verification } from '../../../src/local/verify/verify.js';
import { API_VERSION } from '../../../src/model/names.js';
import type { CheckResult } from '../../../src/model/verification.js';
import { CHECKS } from '../../../src/verification/checks.js';

const resultOf = (check: string, more: Partial<CheckResult>): CheckResult => ({
  ...{ check, title: 'It holds', severity: 'high', mode: 'enforce', result: 'failed' },
  ...{ problems: [], ...more },
});

const verified = (results: CheckResult[]): VerifiedModule => ({
  ...{ file: 'deploy/web.yaml', policy: undefined, notes: [] },
  report: {
    ...{ apiVersion: API_VERSION, kind: 'Report', metadata: { name: 'web' } },
    spec: {
      ...{ module: 'web', version: '1.0.0', key: '', policy: {}, verifiedAt: '', results },
    },
  },
});

const logOf = (results: CheckResult[], more: Partial<Verification> = {}) => {
  const verification = { modules: [verified(results)], policies: [], problems: [], root: '/work' };
  const [run] = sarifLog({ ...verification, ...more }, '1.2.3').runs;
  if (run === undefined) throw new Error('There is no run');
  return run;
};

test('every check is a rule with what code hosts show', () => {
  const { driver } = logOf([]).tool;
  expect(driver).toMatchObject({ name: 'Registrar', semanticVersion: '1.2.3' });
  expect(driver.rules?.map(({ id }) => id)).toEqual(CHECKS.map(({ id }) => id));
  for (const rule of driver.rules ?? []) {
    expect(rule.shortDescription?.text).not.toBe('');
    expect(rule.help?.markdown).toContain('**What to do:** ');
    expect(Number(rule.properties?.['security-severity'])).toBeGreaterThan(0);
    expect(rule.name).toMatch(/^[A-Z][A-Za-z0-9]+$/);
  }
  const names = driver.rules?.map(({ name }) => name) ?? [];
  expect(new Set(names).size).toBe(names.length);
});

test('a finding points to its place, by a path that is a URI', () => {
  const problem = { message: 'It is bad', file: 'src/a b#ü.py', line: 3, column: 7 };
  const { results = [], tool } = logOf([resultOf('tree/licence', { problems: [problem] })]);
  expect(results).toMatchObject([
    {
      ...{ ruleId: 'tree/licence', level: 'error', message: { text: 'It is bad' } },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'src/a%20b%23%C3%BC.py' },
            region: { startLine: 3, startColumn: 7 },
          },
        },
      ],
    },
  ]);
  expect(tool.driver.rules?.[results[0]?.ruleIndex ?? -1]?.id).toBe('tree/licence');
});

test('a finding without a place points to the manifest', () => {
  const result = resultOf('commit/signature', { mode: 'warn', problems: [{ message: 'None' }] });
  expect(logOf([result]).results?.[0]).toMatchObject({
    level: 'warning',
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'deploy/web.yaml' },
          region: { startLine: 1 },
        },
      },
    ],
  });
});

test('a fingerprint stays when lines move, and no two findings have the same', () => {
  const at = (line: number) => ({ message: 'It is bad', file: 'a.py', line });
  const prints = (lines: number[]) =>
    logOf([resultOf('tree/licence', { problems: lines.map(at) })]).results?.map(
      ({ partialFingerprints }) => partialFingerprints?.['registrarFinding/v1'],
    );
  expect(prints([1, 9])).toEqual(prints([4, 12]));
  expect(new Set(prints([1, 9])).size).toBe(2);
});

test('what could not be looked at, and what passed, is no finding', () => {
  const run = logOf([
    resultOf('tree/licence', { result: 'notVerified', reason: 'It broke off' }),
    resultOf('tree/vulnerabilities', { result: 'notVerified', mode: 'off', reason: 'Off' }),
    resultOf('tree/binaries', { result: 'passed' }),
  ]);
  expect(run.results).toEqual([]);
  expect(run.invocations).toMatchObject([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          ...{ level: 'error', message: { text: 'Not verified: It broke off' } },
          associatedRule: { id: 'tree/licence' },
        },
      ],
    },
  ]);
});

test('a text that is no manifest is told with its place', () => {
  const { problems } = parseDeclared('kind: [', '/srv/a.yaml');
  expect(logOf([], { modules: [], problems }).invocations).toMatchObject([
    {
      executionSuccessful: false,
      toolExecutionNotifications: [
        {
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'file:///srv/a.yaml' },
                region: { startLine: 1 },
              },
            },
          ],
        },
      ],
    },
  ]);
});
