import type { Readable } from 'node:stream';
import { configFlags, gitEnvironment } from './git-environment.js';
import type { LowSpeed } from './git-environment.js';
import { GitFailure } from './git-failure.js';
import { run, takeAll } from './run.js';
import type { Run, RunResult } from './run.js';

/** How git is run here, whatever it is asked. */
export interface GitSetting {
  /** An empty folder. */
  readonly home: string;
  readonly lowSpeed: LowSpeed;
  /** For each process of it. */
  readonly maxMemory: number;
}

/** In the arguments, whatever comes from a manifest stands behind `--end-of-options`. */
export interface GitCall extends Omit<Run, 'program' | 'cwd' | 'env' | 'maxMemory'> {
  /** Folder of the bare repository; none for a call that needs no repository. */
  readonly repository?: string;
  readonly config?: Readonly<Record<string, string>>;
  /** Beside the environment that git always has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Covers what is not to be told of what git says: a remote may repeat a login. */
  readonly conceal?: (text: string) => string;
}

/** Runs git, like `run`. */
export async function runGit<T>(
  { home, lowSpeed, maxMemory }: GitSetting,
  { repository = '/dev/null', config = {}, env = {}, args, conceal = asItIs, ...call }: GitCall,
  read: (stdout: Readable) => Promise<T>,
): Promise<RunResult<T>> {
  // Without a repository git would look for one in the folders above, and obey its configuration.
  const flags = ['--no-pager', '--git-dir', repository, ...configFlags(lowSpeed, config)];
  const all = { args: [...flags, ...args], cwd: home, env: gitEnvironment(home, env), maxMemory };
  const { onLine } = call;
  const tell = onLine && { onLine: (line: string) => onLine(conceal(line)) };
  const result = await run({ ...call, ...all, ...tell, program: 'git' }, read);
  return { ...result, stderr: conceal(result.stderr) };
}

const asItIs = (text: string): string => text;

/** What git answers. Rejects with a GitFailure when it does not succeed. */
export async function askGit(setting: GitSetting, call: GitCall): Promise<Buffer> {
  const { value, code, stderr } = await runGit(setting, call, takeAll);
  if (code !== 0) throw new GitFailure('exit', stderr);
  return value;
}
