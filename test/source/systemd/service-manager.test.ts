import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { takeServiceManager } from '../../../src/source/systemd/service-manager.js';

/** A `systemd-notify` that writes down what it is asked for, and ends with a code. */
function aProgram(code = 0): { env: NodeJS.ProcessEnv; calls: () => string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-notify-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [program, log] = [join(folder, 'systemd-notify'), join(folder, 'calls')];
  const line = `echo "$NOTIFY_SOCKET|\${SECRET-none}|$1|$2|$#" >> ${log}`;
  writeFileSync(program, `#!/bin/sh\n${line}\nexit ${code}\n`);
  chmodSync(program, 0o755);
  const PATH = `${folder}:/usr/bin:/bin`;
  const env = { PATH, NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '30000000', SECRET: 's3cr3t' };
  return { env, calls: () => readFileSync(log, 'utf8').trim().split('\n') };
}

test('what is told arrives in order, and the program sees nothing else of the environment', async () => {
  const { env, calls } = aProgram();
  const failures: unknown[] = [];
  const manager = takeServiceManager(env, (error) => failures.push(error));
  void manager?.tell({ kind: 'ready', status: 'Serves' });
  void manager?.tell({ kind: 'alive', status: 'Serves still' });
  await manager?.tell({ kind: 'stopping', status: 'Ends' });
  expect(calls()).toEqual([
    '/run/notify|none|READY=1|STATUS=Serves|2',
    '/run/notify|none|WATCHDOG=1|STATUS=Serves still|2',
    '/run/notify|none|STOPPING=1|STATUS=Ends|2',
  ]);
  expect(failures).toEqual([]);
});

test('a status cannot say anything else: it is one short line', async () => {
  const { env, calls } = aProgram();
  const manager = takeServiceManager(env, () => undefined);
  await manager?.tell({ kind: 'alive', status: `engine: a\nMAINPID=1\u001b[2J${'x'.repeat(999)}` });
  const [call = '', ...others] = calls();
  expect(others).toEqual([]);
  expect(call).toContain('STATUS=engine: a?MAINPID=1?[2Jxx');
  expect(call.length).toBeLessThan(400);
});

test('programs that are started later find nothing to speak in our name with', () => {
  const { env } = aProgram();
  expect(takeServiceManager(env, () => undefined)?.watchdogMs).toBe(30_000);
  expect(Object.keys(env)).toEqual(['PATH', 'SECRET']);
  expect(takeServiceManager(env, () => undefined)).toBeUndefined();
});

test.each([
  ['none is set', { WATCHDOG_USEC: undefined }],
  ['it is no number', { WATCHDOG_USEC: '3e7' }],
  ['it is zero', { WATCHDOG_USEC: '0' }],
  ['it is for another process', { WATCHDOG_PID: '1' }],
])('there is no limit when %s', (_when, overrides) => {
  const env = { ...aProgram().env, ...overrides };
  expect(takeServiceManager(env, () => undefined)).toMatchObject({ watchdogMs: undefined });
});

test.each([
  ['fails', aProgram, 'Command failed'],
  ['is not there', () => ({ env: { PATH: '/nowhere', NOTIFY_SOCKET: '/x' } }), 'ENOENT'],
] as const)(
  'a program that %s is told of, and nothing else comes of it',
  async (_how, make, why) => {
    const failures: unknown[] = [];
    const manager = takeServiceManager(make(3).env, (error) => failures.push(error));
    await manager?.tell({ kind: 'ready', status: 'Serves' });
    expect(failures.map(String)).toEqual([expect.stringContaining(why)]);
  },
);
