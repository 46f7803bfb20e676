import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { RegistrarError } from '../model/errors.js';
import { GitFailure } from './git-failure.js';
import { StderrReader } from './stderr-reader.js';

/** A program to run, and when to end it. */
export interface Run {
  readonly program: 'git' | 'gpg' | 'trivy' | 'grype' | 'osv-scanner';
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** For each of its processes. */
  readonly maxMemory: number;
  /** For standard input. */
  readonly input?: Buffer | string;
  readonly timeoutMs: number;
  /** Ends it; when its reason is a RegistrarError, that is what the run rejects with. */
  readonly signal: AbortSignal;
  /** Gets each line of standard error, raw. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult<T> {
  readonly value: T;
  /** 0 for success; 128 and more for a signal. */
  readonly code: number;
  /** The end of standard error, raw. */
  readonly stderr: string;
}

/** Longest answer that is held in memory. */
const MAX_ANSWER = 16 * 1024 * 1024;

/**
 * Limits what it becomes; the words of a command stay words. Where the limit cannot be set, a lower
 * one holds already. A crash leaves no file behind.
 */
const LIMITED = 'ulimit -c 0; ulimit -d "$1" 2>/dev/null; shift; exec "$@"';
/** What a shell says of a command that is not there. */
const NOT_FOUND = 127;

/**
 * Runs a program and resolves when all its processes have ended, whatever its exit code. `read` takes
 * standard output; when it rejects, the program is ended and the run rejects likewise. Rejects with a
 * GitFailure when the program has to be ended, SOURCE_UNAVAILABLE when it cannot be started.
 */
export async function run<T>(
  what: Run,
  read: (stdout: Readable) => Promise<T>,
): Promise<RunResult<T>> {
  if (what.signal.aborted) throw reasonOf(what.signal);
  const guard = new GroupGuard(start(what), what);
  try {
    return await guard.follow(read);
  } finally {
    guard.end();
  }
}

/** All of a stream in memory, as long as it is not too much. */
export async function takeAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER) throw new GitFailure('output');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function start({ program, args, cwd, env, input, maxMemory }: Run): ChildProcess {
  const kibibytes = String(Math.ceil(maxMemory / 1024));
  const child = spawn('/bin/sh', ['-c', LIMITED, 'sh', kibibytes, program, ...args], {
    ...{ cwd, env },
    // A process group of its own: the helpers of git would outlive it.
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // It may end before it has read all.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return child;
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof RegistrarError ? reason : new GitFailure('cancelled');
}

/** The exit code of a process, 128 and the number of the signal when one ended it. */
function codeOf(child: ChildProcess, program: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(program, error.message)));
    child.once('exit', (code, signal) => {
      if (code === NOT_FOUND) reject(notStarted(program, 'it is not installed'));
      else resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

function notStarted(program: string, why: string): RegistrarError {
  const message = `Cannot run ${program}: ${why}; install its package`;
  return new RegistrarError('SOURCE_UNAVAILABLE', message);
}

/** Follows one process and ends its whole group when it has to end. */
class GroupGuard {
  readonly #child: ChildProcess;
  readonly #what: Run;
  readonly #timer: NodeJS.Timeout;
  #broken: unknown;
  #isOver = false;

  constructor(child: ChildProcess, what: Run) {
    this.#child = child;
    this.#what = what;
    this.#timer = setTimeout(() => this.#kill(new GitFailure('timeout')), what.timeoutMs);
    what.signal.addEventListener('abort', this.#cancel);
  }

  async follow<T>(read: (stdout: Readable) => Promise<T>): Promise<RunResult<T>> {
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error('a program was started without pipes');
    const closed = new Promise((resolve) => this.#child.once('close', resolve));
    const errors = new StderrReader(this.#what.onLine);
    const code = codeOf(this.#child, this.#what.program);
    const parts = [code, read(stdout), errors.take(stderr)] as const;
    for (const part of parts) part.catch((error: unknown) => this.#kill(error));
    await closed;
    this.#isOver = true;
    await Promise.allSettled(parts);
    if (this.#broken !== undefined) throw this.#broken;
    return { value: await parts[1], code: await code, stderr: errors.text };
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#what.signal.removeEventListener('abort', this.#cancel);
  }

  readonly #cancel = (): void => this.#kill(reasonOf(this.#what.signal));

  #kill(error: unknown): void {
    this.#broken ??= error;
    const { pid } = this.#child;
    // Afterwards the number may be that of another group.
    if (pid === undefined || this.#isOver) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // All of the group have ended.
    }
  }
}
