import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lock } from '../../bin/lib/lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'registrar lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Another process that takes the lock and keeps it. */
async function holder() {
  const module = new URL('../../bin/lib/lock.js', import.meta.url).href;
  const code = `import { lock } from '${module}'; await lock(process.argv[1]); console.log('held')`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, folder]);
  await once(child.stdout, 'data');
  return child;
}

test.runIf(process.platform === 'linux')('one at a time, and nothing is left behind', async () => {
  const release = await lock(folder);
  expect(await lock(folder, { wait: false })).toBeUndefined();
  await release?.();
  const again = await lock(folder, { wait: false });
  expect(again).toBeDefined();
  await again?.();
  expect(readdirSync(folder)).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'a waiting process gets it when the other ends',
  async () => {
    const other = await holder();
    expect(await lock(folder, { wait: false })).toBeUndefined();
    const waiting = lock(folder);
    other.kill('SIGKILL');
    const release = await waiting;
    await release?.();
  },
);

test.runIf(process.platform === 'linux')('a folder that does not exist is an error', async () => {
  await expect(lock(join(folder, 'missing'))).rejects.toThrow('Cannot lock');
});
