import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { aRepository, temporaryFolder } from './git-repository.js';
import type { CommitOptions, Files } from './git-repository.js';

/** A folder that somebody works in, with a repository. */
export interface WorkTree {
  readonly path: string;
  /** Of the bare repository that it was cloned from. */
  readonly url: string;
  readonly commit: string;
  /** Writes a file, without a commit. */
  write(path: string, content: string): void;
  git(...args: string[]): string;
}

/** A clone of a repository with a commit of these files; gone with the test. */
export function aWorkTree(files: Files, options: CommitOptions = {}): WorkTree {
  const repository = aRepository();
  const commit = repository.commit(files, options);
  const path = join(temporaryFolder('work'), 'module');
  const run = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', env: environment() });
  run('clone', '--quiet', repository.path, path);
  return {
    ...{ path, commit, url: repository.url },
    write(name, content) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), content);
    },
    git: (...args) => run('-C', path, ...args),
  };
}

const environment = (): Record<string, string> => ({
  ...{ PATH: process.env['PATH'] ?? '', HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
  ...{ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org' },
});
