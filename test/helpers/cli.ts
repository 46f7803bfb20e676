import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, onTestFinished } from 'vitest';
import { build } from '../../bin/lib/build.js';
import type { Served } from './served.js';

const ENTRY = fileURLToPath(new URL('../../bin/registrar', import.meta.url));

// What runs is what is compiled; fast when nothing has changed.
beforeAll(build);

/** What a command did. */
export interface Ran {
  /** undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function launch(
  args: readonly string[],
  { env = {}, cwd }: RunOptions,
): ChildProcessWithoutNullStreams {
  const { PATH = '' } = process.env;
  // As the entry does: Node takes flags that it knows from what follows otherwise.
  return spawn(process.execPath, ['--', ENTRY, ...args], { env: { PATH, ...env }, cwd });
}

/** Starts the compiled command line without anything of this process's environment but PATH. */
export function startCli(
  args: readonly string[],
  options: RunOptions = {},
): ChildProcessWithoutNullStreams {
  const child = launch(args, options);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Runs a command to its end, started likewise. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = launch(args, options);
  child.stdin.end(options.input ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code: code ?? undefined, stdout, stderr };
}

/** The environment that leads a command to a served daemon. */
export function leadingTo({ url, token }: Served): Record<string, string> {
  return { REGISTRAR_SERVER: url, REGISTRAR_TOKEN: token };
}

/** A folder with these files, gone when the test ends. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return folder;
}
