import { expect, it } from 'vitest';
import { silentLog } from '../../src/lib/log.js';
import { RegistrarError } from '../../src/model/errors.js';
import { aManifest } from '../helpers/builders.js';
import { IDLE } from '../helpers/idle-operations.js';
import { MODULES, openTestApi } from './test-api.js';

/** What the API logs when a preview fails with that error. */
async function logged(thrown: Error): Promise<unknown[][]> {
  const lines: unknown[][] = [];
  const keep =
    (level: string) =>
    (fields: object, text: string): void =>
      void lines.push([level, text, Object.keys(fields)]);
  const log = { ...silentLog, warn: keep('warn'), error: keep('error') } as typeof silentLog;
  const operations = { ...IDLE, preview: () => Promise.reject(thrown) };
  const api = await openTestApi({ log, operations });
  const { code } = await api.call('POST', `${MODULES}/web/plan`, { body: aManifest('web') });
  expect(code).toBeGreaterThanOrEqual(500);
  return lines;
}

it('a failure logs its stack when it is our mistake', async () => {
  expect(await logged(new TypeError('x is undefined'))).toEqual([
    ['error', 'Request failed', ['requestId', 'err']],
  ]);
});

it('a failure of the host is one line with the reason', async () => {
  expect(await logged(new RegistrarError('ENGINE_UNAVAILABLE', 'The engine is away'))).toEqual([
    ['warn', 'Request refused', ['requestId', 'reason']],
  ]);
});
