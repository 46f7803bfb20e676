import { expect, test } from 'vitest';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { never, someSources } from '../helpers/sources.js';

test('a branch stands for its last commit', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const second = repository.commit({ 'a.txt': 'b' });
  expect(await someSources().look(repository.url)).toEqual({
    commit: second,
    ref: 'refs/heads/main',
  });
});

test('a tag stands for the commit it is of, annotated or not', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const commit = repository.git('rev-parse', 'main');
  repository.git('tag', 'v1', commit);
  repository.git('tag', '-a', '-m', 'the second', 'v2', commit);
  const { look } = someSources();
  expect(await look(repository.url, 'v1')).toEqual({ commit, ref: 'refs/tags/v1' });
  expect(await look(repository.url, 'v2')).toEqual({ commit, ref: 'refs/tags/v2' });
});

test('a branch goes before a tag of its name', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  repository.git('tag', 'main', 'main');
  const commit = repository.commit({ 'a.txt': 'b' });
  expect(await someSources().look(repository.url)).toEqual({ commit, ref: 'refs/heads/main' });
});

test('a pin is taken as it is, without a question to the remote', async () => {
  const commit = 'A'.repeat(40);
  expect(await someSources().look('https://nobody.test/x', 'main', commit)).toEqual({
    commit: 'a'.repeat(40),
    ref: '',
  });
});

test('an abbreviated pin is refused', async () => {
  const error = someSources().look('https://nobody.test/x', 'main', 'abc1234');
  expect(await messageOf(error)).toBe(
    'Cannot use commit "abc1234": write all 40 or 64 hexadecimal digits, as "git rev-parse" prints them',
  );
});

test('a branch that is not there is not found', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  expect(await codeOf(someSources().look(repository.url, 'gone'))).toBe('SOURCE_NOT_FOUND');
});

test('over https', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const server = await aGitServer(repository);
  const sources = someSources({ caFile: server.caFile });
  expect(await sources.look(server.url)).toEqual({
    commit: repository.git('rev-parse', 'main'),
    ref: 'refs/heads/main',
  });
});

test('a repository with longer ids', async () => {
  const repository = aRepository({ 'a.txt': 'a' }, 'sha256');
  const { commit } = await someSources().look(repository.url);
  expect(commit).toMatch(/^[0-9a-f]{64}$/);
});

test('it can be cancelled', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const cancelled = AbortSignal.abort();
  const sources = someSources();
  const location = { repoUrl: repository.url, branch: 'main', commit: '' };
  const rules = { schemes: ['file'], privateAddresses: false } as const;
  expect(await messageOf(sources.resolve(location, rules, cancelled))).toContain(
    'it was cancelled',
  );
  expect(await codeOf(sources.resolve(location, rules, never()))).toBe('none');
});
