import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Where commands are typed. */
export interface Terminal {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on while the test does. */
export interface Background {
  /** Standard output so far. */
  output(): string;
  /** Waits until the output matches; throws when the command ends without it. */
  prints(expected: RegExp): Promise<void>;
  /** Waits until standard error matches, likewise. */
  tells(expected: RegExp): Promise<void>;
  /** Waits for its end. */
  ends(): Promise<Ran>;
  /** Ends it as Ctrl-C does. */
  interrupt(): Promise<Ran>;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

/** Its own group, so that what it starts ends with it. */
const bash = (command: string, { cwd, env }: Terminal): Child =>
  spawn('bash', ['--norc', '-c', command], {
    ...{ cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  });

function kill({ pid }: Child, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}

/** Runs a line of shell beside the test, at most until the test finishes. */
export function startCommand(command: string, terminal: Terminal): Background {
  const child = bash(command, terminal);
  onTestFinished(() => kill(child, 'SIGKILL'));
  return follow(command, child);
}

/** Runs a line of shell to its end. */
export const runCommand = (command: string, terminal: Terminal): Promise<Ran> =>
  follow(command, bash(command, terminal)).ends();

function follow(command: string, child: Child): Background {
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  let ended = false;
  const end = once(child, 'close').then(([code]) => {
    ended = true;
    return { code: (code as number | null) ?? 130, ...said };
  });
  const until = async (stream: 'stdout' | 'stderr', expected: RegExp): Promise<void> => {
    while (!expected.test(said[stream])) {
      if (ended) throw new Error(`"${command}" ended without ${expected}: ${JSON.stringify(said)}`);
      await sleep(20);
    }
  };
  const interrupt = (): Promise<Ran> => {
    kill(child, 'SIGINT');
    return end;
  };
  return {
    output: () => said.stdout,
    prints: (expected) => until('stdout', expected),
    tells: (expected) => until('stderr', expected),
    ends: () => end,
    interrupt,
  };
}
