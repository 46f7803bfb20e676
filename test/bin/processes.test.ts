import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { haveEnded, processesOf, signalAll } from '../../bin/lib/processes.js';

const GROUP_GONE = 'ESRCH';
const started: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const { pid } of started.splice(0)) {
    try {
      // The whole group: a signal to the shell alone would leave its child behind.
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== GROUP_GONE) throw error;
    }
  }
});

/** A shell with a child, whose arguments after the script are `args`. */
async function shell(...args: string[]) {
  const child = spawn('sh', ['-c', 'sleep 1000 & echo ready; wait', 'sh', ...args], {
    detached: true,
  });
  started.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe.runIf(process.platform === 'linux')('processesOf', () => {
  test('finds a program by an argument below a path, and its children', async () => {
    const child = await shell('--root', '/nowhere/engine/data');
    const found = processesOf(/^sh$/, ['/nowhere/engine']);
    expect(found[0]?.pid).toBe(child.pid);
    expect(found.map(({ parent }) => parent)).toContain(child.pid);
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
