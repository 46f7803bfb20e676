import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureStrace } from '../../bin/lib/test-clients.js';

/** Calls of the system by which something of the daemon gets out: to disk, engine, or client. */
export type KillCalls = 'pwrite64' | 'fdatasync' | 'write,writev,sendto';

/** Why no process can be killed at a call, undefined when one can. */
export async function killPointProblem(): Promise<string | undefined> {
  if ((await ensureStrace()) === undefined) return 'strace is not there and cannot be installed';
  try {
    execFileSync('strace', ['-qq', '-e', 'trace=none', 'true'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'strace may not trace here';
  }
}

/**
 * Has a process killed, as by `kill -9`, when one of its threads makes one of the calls for the
 * n-th time from now on. Resolves once the trap is set; `remove` takes it away.
 */
export async function killAt(
  pid: number,
  calls: KillCalls,
  n: number,
): Promise<{ remove(): Promise<void> }> {
  const inject = `inject=${calls}:signal=KILL:when=${n}`;
  const args = ['-f', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject, '-p', String(pid)];
  const child = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'close');
  // It says so for each thread, and of an error likewise.
  await Promise.race([once(child.stderr, 'data'), ended]);
  child.stderr.resume();
  return {
    remove: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
