import { readFileSync } from 'node:fs';
import { aRepository } from './git-repository.js';
import type { Files, TestRepository } from './git-repository.js';

/** Files of a module that no check has anything against, with a program that runs `command`. */
export function goodFiles(base: string, command: readonly string[] = ['sleep', '3600']): Files {
  return {
    LICENSE: readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8'),
    '.dockerignore': '.git\n.env\n',
    Dockerfile: [
      `FROM ${base}`,
      'COPY greeting.txt /module/greeting.txt',
      'USER 10001:10001',
      `CMD ${JSON.stringify(command)}`,
      '',
    ].join('\n'),
    'greeting.txt': 'Hello\n',
  };
}

/** A repository with such a module as its first commit. */
export function goodRepository(base: string): { repository: TestRepository; commit: string } {
  const repository = aRepository();
  return { repository, commit: repository.commit(goodFiles(base)) };
}
