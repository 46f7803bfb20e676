import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const AS = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org', '-c', 'tar.umask=0022'];

/** Runs git in a folder, without the settings of whoever runs the tests. */
export const git = (folder: string, ...words: string[]): string =>
  execFileSync('git', ['-C', folder, ...AS, ...words], {
    encoding: 'utf8',
    // What it says of an error is in the error.
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });

/** Commits all files of a folder, and writes what git archives of that commit; returns its path. */
export function archiveOf(folder: string): string {
  git(folder, 'init', '-q');
  git(folder, 'add', '--all', '--force');
  git(folder, 'commit', '-q', '--allow-empty', '-m', 'All');
  const file = join(folder, '.git', 'source.tar');
  git(folder, 'archive', '--format=tar', '-o', file, 'HEAD');
  return file;
}
