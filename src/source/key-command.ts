import { execFile } from 'node:child_process';
import type { ExecFileException } from 'node:child_process';
import { RegistrarError } from '../model/errors.js';

/** Program and arguments; no shell looks at them. */
export type Argv = readonly [program: string, ...args: string[]];

const TIMEOUT_MS = 20_000;
/** More than the longest list of keys. */
const MAX_BYTES = 4096;

/**
 * What a command prints that gives keys. SECRET_UNREADABLE, in words that quote nothing of what it
 * wrote, when it fails, takes longer than 20 s or writes more than 4 KiB.
 */
export function keysFromCommand(
  [program, ...args]: Argv,
  { env, timeoutMs = TIMEOUT_MS }: { env: NodeJS.ProcessEnv; timeoutMs?: number },
): Promise<string> {
  const options = { env, timeout: timeoutMs, maxBuffer: MAX_BYTES, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(failed(program, whyOf(error)));
    });
    child.stdin?.end();
  });
}

/** The error of the run has the arguments and what was written: nothing of it goes on but its sort. */
function whyOf({ code, killed, signal }: ExecFileException): string {
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it wrote more than ${MAX_BYTES} bytes`;
  if (killed === true) return 'it took too long';
  if (typeof code === 'number') return `it ended with code ${code}`;
  return typeof code === 'string'
    ? `it cannot be run (${code})`
    : `it was ended by ${signal ?? ''}`;
}

function failed(program: string, why: string): RegistrarError {
  const message = `The command "${program}" that gives the key of Secrets failed: ${why}; run it by hand to see why`;
  return new RegistrarError('SECRET_UNREADABLE', message);
}
