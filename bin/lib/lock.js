import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sep } from 'node:path';
import { platform } from 'node:process';

const BUSY = 75;

/**
 * Takes the exclusive lock of an existing folder with flock(1), which leaves no file behind and
 * whose lock ends with this process however it ends. Where flock does not exist (macOS) there is no
 * lock. Resolves to the function that gives it back, or to undefined when `wait` is false and
 * another process has it.
 *
 * @param {string} folder
 * @param {{ wait?: boolean }} [options]
 * @returns {Promise<(() => Promise<void>) | undefined>}
 */
export async function lock(folder, { wait = true } = {}) {
  if (platform !== 'linux') return async () => {};
  const patience = wait ? [] : ['--nonblock', '--conflict-exit-code', String(BUSY)];
  const holder = spawn(
    'flock',
    [...patience, `${folder}${sep}.`, 'sh', '-c', 'echo held; exec cat'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      // Its own group: an interrupt from the keyboard must not give the lock away.
      detached: true,
    },
  );
  const ended = once(holder, 'exit');
  const held = once(holder.stdout, 'data').then(() => 'held');
  const first = await Promise.race([held, ended]);
  if (first === 'held') {
    return async () => {
      holder.stdin.end();
      await ended;
    };
  }
  if (first[0] === BUSY) return undefined;
  throw new Error(`Cannot lock "${folder}": flock failed`);
}

/**
 * @template T
 * @param {string} folder
 * @param {() => Promise<T>} body
 * @returns {Promise<T>}
 */
export async function withLock(folder, body) {
  const release = await lock(folder);
  try {
    return await body();
  } finally {
    await release?.();
  }
}
