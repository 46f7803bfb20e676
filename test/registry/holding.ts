import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';

export interface Holder {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: AsyncIterator<string>;
}

/** Starts a compiled program on a data directory; it ends with the test. */
export function startHolder(program: string, dataDir: string, writers = 0): Holder {
  const child = spawn(process.execPath, [program, dataDir, String(writers)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { process: child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

export async function nextLine({ lines }: Holder): Promise<string> {
  const line = await lines.next();
  return line.done === true ? '(end)' : line.value;
}

export async function restOf({ lines }: Holder): Promise<string[]> {
  const rest: string[] = [];
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    rest.push(line.value);
  }
  return rest;
}

export async function kill({ process: child }: Holder): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
