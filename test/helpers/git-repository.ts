import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** What a path of a commit is; `null` removes it. */
export type Entry =
  | string
  | Buffer
  | { readonly symlink: string }
  | { readonly executable: string }
  | { readonly submodule: string }
  | null;

export type Files = Readonly<Record<string, Entry>>;

export interface CommitOptions {
  readonly branch?: string;
  readonly message?: string;
  /** `Name <address>`. */
  readonly author?: string;
  /** Seconds since 1970. */
  readonly at?: number;
  /** Settings that make git sign, such as those of `test/helpers/signing.ts`. */
  readonly sign?: Signing;
  /** Without what was there before. */
  readonly orphan?: boolean;
}

/** How git is told to sign. */
export interface Signing {
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export interface TestRepository {
  /** Of the bare repository. */
  readonly path: string;
  /** `file://…` */
  readonly url: string;
  /** Adds a commit to a branch, `main` if none is named, and gives back its id. */
  commit(files?: Files, options?: CommitOptions): string;
  /** Runs git in it and gives back what it prints. */
  git(...args: string[]): string;
  /** The same with a standard input. */
  feed(input: string | Buffer, ...args: string[]): string;
}

/** 2025-01-02T03:04:05Z */
export const COMMITTED_AT = 1_735_787_045;
const AUTHOR = 'Ada Lovelace <ada@example.org>';

/** A folder that is gone with the test. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `registrar-${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A real repository with a first commit of these files, gone with the test. */
export function aRepository(files?: Files, format: 'sha1' | 'sha256' = 'sha1'): TestRepository {
  const path = join(temporaryFolder('git'), 'repository.git');
  runGit(['init', '--quiet', '--bare', `--object-format=${format}`, '-b', 'main', path]);
  const repository = repositoryAt(path);
  if (files !== undefined) repository.commit(files);
  return repository;
}

function repositoryAt(path: string): TestRepository {
  const feed = (input: string | Buffer | undefined, args: readonly string[], signing?: Signing) =>
    runGit(['--git-dir', path, ...args], input, signing).trimEnd();
  return {
    path,
    url: `file://${path}`,
    git: (...args) => feed(undefined, args),
    feed: (input, ...args) => feed(input, args),
    commit: (files = {}, options = {}) => {
      const { branch = 'main', sign } = options;
      feed(importStream(files, options, parentOf(branch)), ['fast-import', '--quiet', '--force']);
      if (sign !== undefined) signTip(branch, sign);
      return feed(undefined, ['rev-parse', `refs/heads/${branch}`]);
    },
  };

  function parentOf(branch: string): string {
    return feed(undefined, ['for-each-ref', '--format=%(objectname)', `refs/heads/${branch}`]);
  }

  /** fast-import does not sign: the commit is made once more. */
  function signTip(branch: string, signing: Signing): void {
    const show = (format: string) => feed(undefined, ['show', '-s', `--format=${format}`, branch]);
    const parents = show('%P').split(' ').filter(Boolean);
    const env = {
      GIT_AUTHOR_NAME: show('%an'),
      GIT_AUTHOR_EMAIL: show('%ae'),
      GIT_AUTHOR_DATE: show('@%at +0000'),
      GIT_COMMITTER_NAME: show('%cn'),
      GIT_COMMITTER_EMAIL: show('%ce'),
      GIT_COMMITTER_DATE: show('@%ct +0000'),
      ...signing.env,
    };
    const args = ['commit-tree', '-S', show('%T'), ...parents.flatMap((id) => ['-p', id])];
    const id = feed(show('%B'), args, { config: signing.config, env });
    feed(undefined, ['update-ref', `refs/heads/${branch}`, id]);
  }
}

/** What git fast-import reads. */
function importStream(files: Files, options: CommitOptions, parent: string): Buffer {
  const { branch = 'main', message = 'A change', author = AUTHOR, at = COMMITTED_AT } = options;
  const keeps = parent !== '' && options.orphan !== true;
  const head = [
    ...(keeps ? [] : [`reset refs/heads/${branch}`]),
    `commit refs/heads/${branch}`,
    `author ${author} ${at} +0000`,
    `committer ${author} ${at} +0000`,
    `data ${Buffer.byteLength(message)}`,
    message,
    ...(keeps ? [`from ${parent}`] : ['deleteall']),
  ];
  const changes = Object.entries(files).map(([path, entry]) => changeOf(path, entry));
  return Buffer.concat([Buffer.from(`${head.join('\n')}\n`), ...changes]);
}

function changeOf(path: string, entry: Entry): Buffer {
  const name = `"${path.replaceAll(/["\\]/g, '\\$&')}"`;
  if (entry === null) return Buffer.from(`D ${name}\n`);
  if (typeof entry === 'string' || Buffer.isBuffer(entry)) return fileOf('100644', name, entry);
  if ('symlink' in entry) return fileOf('120000', name, entry.symlink);
  if ('executable' in entry) return fileOf('100755', name, entry.executable);
  return Buffer.from(`M 160000 ${entry.submodule} ${name}\n`);
}

function fileOf(mode: string, name: string, content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const head = Buffer.from(`M ${mode} inline ${name}\ndata ${bytes.length}\n`);
  return Buffer.concat([head, bytes, Buffer.from('\n')]);
}

/** Git as it is, without what the account that runs the tests has told it. */
export function runGit(
  args: readonly string[],
  input?: string | Buffer,
  { config, env }: Signing = { config: {}, env: {} },
): string {
  const flags = Object.entries(config).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return execFileSync('git', [...flags, ...args], {
    encoding: 'utf8',
    input: input ?? '',
    stdio: 'pipe',
    maxBuffer: 64 * 1024 * 1024,
    env: {
      PATH: process.env['PATH'],
      HOME: '/nonexistent',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
      ...env,
    },
  });
}
