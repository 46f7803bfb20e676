import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RegistrarError } from '../../src/model/errors.js';
import { checkGitVersion } from '../../src/source/git-version.js';
import { LOW_SPEED } from '../../src/source/git-environment.js';
import { GitFailure } from '../../src/source/git-failure.js';
import { askGit } from '../../src/source/git.js';
import type { GitSetting } from '../../src/source/git.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { processesWith } from '../helpers/processes.js';
import { never } from '../helpers/sources.js';

afterEach(() => vi.unstubAllEnvs());

const MIB = 1024 * 1024;
const setting = (): GitSetting => ({
  ...{ home: temporaryFolder('home'), lowSpeed: LOW_SPEED, maxMemory: 256 * MIB },
});
const call = { args: ['anything'], timeoutMs: 30_000, signal: never() };

/** Puts a program in the place of git. */
function instead(script: string): string {
  const folder = temporaryFolder('program');
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH'] ?? ''}`);
  return folder;
}

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test('a machine without git is told to install it', async () => {
  vi.stubEnv('PATH', temporaryFolder('nothing'));
  expect(await messageOf(askGit(setting(), call))).toBe(
    'Cannot run git: it is not installed; install its package',
  );
});

test.each([
  ['git version 2.36.9', 'Cannot use git 2.36: install git 2.37 or newer'],
  ['git version 1.99.0', 'Cannot use git 1.99: install git 2.37 or newer'],
  ['nonsense', 'Cannot use git 0.0: install git 2.37 or newer'],
  ['git version 2.37.0', ''],
  ['git version 3.0.1.windows.1', ''],
])('%s', async (version, message) => {
  instead(`echo '${version}'`);
  expect(await messageOf(checkGitVersion(setting()))).toBe(message);
});

test('its environment is made of nothing', async () => {
  for (const name of ['GIT_DIR', 'GIT_SSH', 'GIT_EXEC_PATH', 'SSH_AUTH_SOCK', 'https_proxy']) {
    vi.stubEnv(name, '/evil');
  }
  instead('env');
  const env = (await askGit(setting(), call)).toString();
  expect(env).not.toContain('evil');
  const names = env.split('\n').map((line) => line.split('=')[0] ?? '');
  expect(
    names.filter((name) => !/^(?:GIT_|LC_ALL|TZ|HOME|PATH|PWD|OLDPWD|SHLVL|_)/.test(name)),
  ).toEqual(['']);
});

test('words of a command stay words', async () => {
  const touched = join(temporaryFolder('touched'), 'file');
  instead('for word in "$@"; do echo "<$word>"; done');
  const args = [`$(touch ${touched})`, '; exit 1', '*', "a'b", ''];
  const output = (await askGit(setting(), { ...call, args })).toString().trimEnd().split('\n');
  expect(output.slice(-args.length)).toEqual(args.map((word) => `<${word}>`));
  expect(existsSync(touched)).toBe(false);
});

describe('a run is ended', () => {
  test('when it takes too long, with all that it started', async () => {
    const folder = instead('sleep 987654 & sh -c "sleep 987654; true" & wait');
    const failed = failureOf(askGit(setting(), { ...call, timeoutMs: 300 }));
    expect(await failed).toMatchObject({ kind: 'timeout' });
    expect(processesWith('sleep 987654')).toEqual([]);
    expect(processesWith(folder)).toEqual([]);
  });

  test('when it writes too much', async () => {
    instead('exec yes');
    expect(await failureOf(askGit(setting(), call))).toMatchObject({ kind: 'output' });
    instead('exec yes >&2');
    expect(await failureOf(askGit(setting(), call))).toMatchObject({ kind: 'output' });
  });

  test('when it is cancelled, with the reason that is given', async () => {
    instead('exec sleep 987653');
    const cancel = new AbortController();
    const failed = codeOf(askGit(setting(), { ...call, signal: cancel.signal }));
    await vi.waitFor(() => expect(processesWith('sleep 987653')).not.toEqual([]), {
      timeout: 20_000,
    });
    cancel.abort(new RegistrarError('SOURCE_TOO_LARGE', 'Too large'));
    expect(await failed).toBe('SOURCE_TOO_LARGE');
    expect(processesWith('sleep 987653')).toEqual([]);
  });

  test('when it wants too much memory', async () => {
    instead(`exec node -e 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))'`);
    const failed = await failureOf(askGit({ ...setting(), maxMemory: 64 * MIB }, call));
    expect(failed).toBeInstanceOf(GitFailure);
    expect(failed).toMatchObject({ kind: 'exit' });
  });
});

test('the end of what it says is kept', async () => {
  instead('i=0; while [ $i -lt 5000 ]; do echo "line $i" >&2; i=$((i+1)); done; exit 3');
  const failed = (await failureOf(askGit(setting(), call))) as GitFailure;
  expect(failed.kind).toBe('exit');
  expect(failed.stderr).toHaveLength(16 * 1024);
  expect(failed.stderr).toMatch(/line 4999\n$/);
});

test('a program that ends before it has read all', async () => {
  instead('exec true');
  const input = Buffer.alloc(8 * MIB);
  expect((await askGit(setting(), { ...call, input })).toString()).toBe('');
});
