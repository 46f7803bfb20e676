import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work with a folder of its own, which is gone when it ends: also when the process is told to
 * end, which aborts the signal. Only the owner can look into it.
 */
export async function withTemporaryFolder<T>(
  work: (folder: string, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stopped = new AbortController();
  let received: NodeJS.Signals | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    received = signal;
    stopped.abort();
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  const folder = await mkdtemp(join(tmpdir(), 'registrar-'));
  try {
    return await work(folder, stopped.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
    await rm(folder, { recursive: true, force: true });
    // As it would have ended without us.
    if (received !== undefined) process.kill(process.pid, received);
  }
}
