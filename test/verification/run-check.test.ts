import { expect, test } from 'vitest';
import type { Problem } from '../../src/model/verification.js';
import { check, NotApplicable, NotVerified } from '../../src/verification/check.js';
import { runCheck } from '../../src/verification/run-check.js';
import type { Setting } from '../../src/verification/run-check.js';

const SUBJECT = {
  manifest: {} as never,
  commit: 'c',
  signers: [],
  signature: { state: 'good' as const },
};

const setting = (
  run: () => readonly Problem[] | Promise<readonly Problem[]>,
  mode: Setting['mode'] = 'enforce',
): Setting => ({
  mode,
  parameters: {},
  check: check({
    ...{ id: 'a/b', title: 'It holds', severity: 'high', mode: 'enforce', about: 'commit' },
    ...{ remedy: 'Make it hold', why: 'It must', run },
  }),
});

test('what a check finds is listed up to a number, and the rest is counted', async () => {
  const many = Array.from({ length: 25 }, (_, index) => ({ message: `Problem ${index}` }));
  const result = await runCheck(
    setting(() => many),
    { commit: SUBJECT },
  );
  expect(result).toMatchObject({ result: 'failed', omitted: 5, remedy: 'Make it hold' });
  expect(result.problems).toHaveLength(20);
});

test.each([
  ['nothing found', async () => [], 'passed'],
  [
    'nothing to look at',
    () => {
      throw new NotApplicable('none');
    },
    'notApplicable',
  ],
  [
    'it cannot look',
    () => {
      throw new NotVerified('no');
    },
    'notVerified',
  ],
  [
    'it fails itself',
    () => {
      throw new TypeError('bug');
    },
    'notVerified',
  ],
  ['it fails itself later', () => Promise.reject(new TypeError('bug')), 'notVerified'],
])(
  '%s: %s',
  async (_what, run: () => readonly Problem[] | Promise<readonly Problem[]>, expected) => {
    expect(await runCheck(setting(run), { commit: SUBJECT })).toMatchObject({ result: expected });
  },
);

test('a check without its subject is not verified', async () => {
  expect(
    await runCheck(
      setting(() => []),
      {},
    ),
  ).toMatchObject({ result: 'notVerified' });
});

test('one that is off does not look', async () => {
  const run = (): never => {
    throw new Error('looked');
  };
  expect(await runCheck(setting(run, 'off'), { commit: SUBJECT })).toMatchObject({
    result: 'notApplicable',
    problems: [],
  });
});
