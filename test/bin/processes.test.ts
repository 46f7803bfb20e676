import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { haveEnded, processesOf, signalAll } from '../../bin/lib/processes.js';

const started: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

/** A shell with a child, whose arguments after the script are `args`. */
async function shell(...args: string[]) {
  const child = spawn('sh', ['-c', 'echo ready; sleep 1000 & wait', 'sh', ...args]);
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux')('processesOf', () => {
  test('finds a program by an argument below a path, and its children', async () => {
    const child = await shell('--root', '/nowhere/engine/data');
    const found = processesOf(/^sh$/, ['/nowhere/engine']);
    expect(found[0]?.pid).toBe(child.pid);
    expect(found.map(({ argv }) => argv[0])).toContain('sleep');
  });

  test('leaves alone other programs with such an argument, and similar paths', async () => {
    await shell('/nowhere/engine');
    await shell('/nowhere/engine-two');
    expect(processesOf(/^dockerd$/, ['/nowhere/engine'])).toEqual([]);
    expect(processesOf(/^sh$/, ['/nowhere/engine-t'])).toEqual([]);
  });

  test('ends what it found, children too', async () => {
    await shell('/nowhere/ending');
    const found = processesOf(/^sh$/, ['/nowhere/ending']);
    signalAll(found, 'SIGKILL');
    expect(await haveEnded(found, 10_000)).toBe(true);
    expect(processesOf(/^sh$/, ['/nowhere/ending'])).toEqual([]);
  });

  test('a process that reuses the id is not the one that was found', async () => {
    const child = await shell('/nowhere/reused');
    const found = processesOf(/^sh$/, ['/nowhere/reused']).map((one) => ({
      ...one,
      startTime: '1',
    }));
    signalAll(found, 'SIGKILL');
    expect(child.exitCode).toBeNull();
    expect(processesOf(/^sh$/, ['/nowhere/reused'])).not.toEqual([]);
  });
});
