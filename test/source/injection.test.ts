import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LOW_SPEED } from '../../src/source/git-environment.js';
import { GitFailure } from '../../src/source/git-failure.js';
import { askGit } from '../../src/source/git.js';
import { codeOf } from '../helpers/code-of.js';
import { aRepository, temporaryFolder } from '../helpers/git-repository.js';
import { never, someSources } from '../helpers/sources.js';

/** A file that must not come to be. */
const trap = (): string => join(temporaryFolder('trap'), 'touched');

describe('what looks like an option or a command is refused before git sees it', () => {
  test.each([
    (file: string) => `--upload-pack=touch ${file}`,
    (file: string) => `--upload-pack=touch\u00a0${file}`,
    (file: string) => `-u${file}`,
    (file: string) => `ext::sh -c touch% ${file}`,
    (file: string) => `ssh://-oProxyCommand=touch${file}/a`,
    (file: string) => `https://h.example/a;touch ${file}`,
    (file: string) => `$(touch ${file})`,
  ])('as URL: %s', async (write) => {
    const file = trap();
    expect(await codeOf(someSources().look(write(file)))).toBe('INVALID');
    expect(await codeOf(someSources().take(write(file), 'a'.repeat(40)))).toBe('INVALID');
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    (file: string) => `--upload-pack=touch ${file}`,
    (file: string) => `--upload-pack=${file}`,
    (file: string) => `main --upload-pack=touch ${file}`,
    (file: string) => `main\n--upload-pack=${file}`,
    () => 'main:refs/heads/other',
    () => '+main',
  ])('as branch: %s', async (write) => {
    const file = trap();
    const repository = aRepository({ a: 'a' });
    expect(await codeOf(someSources().look(repository.url, write(file)))).toMatch(
      /^(?:INVALID|SOURCE_NOT_FOUND)$/,
    );
    expect(existsSync(file)).toBe(false);
  });

  test.each(['--help', 'HEAD', 'main', '-1', `${'a'.repeat(40)}^{tree}`, 'a'.repeat(41)])(
    'as commit: %s',
    async (commit) => {
      const repository = aRepository({ a: 'a' });
      expect(await codeOf(someSources().take(repository.url, commit))).toBe('INVALID');
      expect(await codeOf(someSources().look(repository.url, 'main', commit))).toBe('INVALID');
    },
  );
});

describe('and git would not do it either', () => {
  const ask = (url: string, protocol?: string): Promise<unknown> => {
    const home = temporaryFolder('home');
    const setting = { home, lowSpeed: LOW_SPEED, maxMemory: 256 * 1024 * 1024 };
    const args = ['ls-remote', '--end-of-options', url];
    const env = protocol === undefined ? {} : { GIT_ALLOW_PROTOCOL: protocol };
    return askGit(setting, { args, env, timeoutMs: 30_000, signal: never() });
  };
  const refusal = expect.objectContaining({
    stderr: expect.stringMatching(/transport '\w+' not allowed/),
  });

  test.each(['https', 'ssh', 'file'])('a command while %s is allowed', async (protocol) => {
    const file = trap();
    await expect(ask(`ext::sh -c touch% ${file}`, protocol)).rejects.toEqual(refusal);
    expect(existsSync(file)).toBe(false);
  });

  test('another protocol than that of the URL', async () => {
    const { url, path } = aRepository({ a: 'a' });
    await expect(ask(url, 'https')).rejects.toEqual(refusal);
    await expect(ask(path, 'https')).rejects.toEqual(refusal);
    await expect(ask('http://127.0.0.1:1/', 'https')).rejects.toEqual(refusal);
    await expect(ask(url)).rejects.toEqual(refusal);
    expect(String(await ask(url, 'file'))).toContain('refs/heads/main');
  });

  test('an option in the place of the URL', async () => {
    const file = trap();
    await expect(ask(`--upload-pack=touch ${file}`, 'file')).rejects.toBeInstanceOf(GitFailure);
    expect(existsSync(file)).toBe(false);
  });
});
