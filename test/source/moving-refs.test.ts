import { rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { fileIn, someSources } from '../helpers/sources.js';

test('a force-push after the branch was looked up changes nothing', async () => {
  const repository = aRepository({ 'a.txt': 'first' });
  const sources = someSources();
  const { commit } = await sources.look(repository.url);
  repository.commit({ 'a.txt': 'forced' }, { orphan: true });
  const { archive } = await sources.take(repository.url, commit);
  expect(fileIn(archive, 'a.txt')).toBe('first');
});

test('a force-push while it is fetched changes nothing', async () => {
  const repository = aRepository({ 'a.txt': 'first' });
  const commit = repository.git('rev-parse', 'main');
  const pushed: string[] = [];
  const intercept = ({ method }: IncomingMessage): boolean => {
    if (method === 'POST' && pushed.length === 0) {
      pushed.push(repository.commit({ 'a.txt': 'forced' }, { orphan: true }));
    }
    return false;
  };
  const server = await aGitServer(repository, { intercept });
  const sources = someSources({ caFile: server.caFile });
  const { archive } = await sources.take(server.url, commit);
  expect(fileIn(archive, 'a.txt')).toBe('first');
  expect(pushed).toHaveLength(1);
  expect((await sources.look(server.url)).commit).toBe(pushed[0]);
});

test('a tag that was moved is seen when it is looked up, and not before', async () => {
  const repository = aRepository({ 'a.txt': 'first' });
  repository.git('tag', 'v1', 'main');
  const sources = someSources();
  const { commit } = await sources.look(repository.url, 'v1');
  const moved = repository.commit({ 'a.txt': 'second' });
  repository.git('tag', '--force', 'v1', 'main');
  const { archive } = await sources.take(repository.url, commit);
  expect(fileIn(archive, 'a.txt')).toBe('first');
  expect((await sources.look(repository.url, 'v1')).commit).toBe(moved);
});

test('a commit stays when its branch was deleted', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const sources = someSources();
  const { commit } = await sources.look(repository.url);
  await sources.take(repository.url, commit);
  repository.git('update-ref', '-d', 'refs/heads/main');
  expect(await codeOf(sources.look(repository.url))).toBe('SOURCE_NOT_FOUND');
  expect(await codeOf(sources.take(repository.url, commit))).toBe('none');
});

test('a pin is fetched although it is on no branch', async () => {
  const repository = aRepository({ 'a.txt': 'pinned' });
  const pinned = repository.git('rev-parse', 'main');
  repository.commit({ 'a.txt': 'other' }, { orphan: true });
  const { archive } = await someSources().take(repository.url, pinned);
  expect(fileIn(archive, 'a.txt')).toBe('pinned');
});

test('a commit that is not there is not found', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const fetched = someSources().take(repository.url, 'a'.repeat(40));
  expect(await codeOf(fetched)).toBe('SOURCE_NOT_FOUND');
});

test('a repository that is gone is not found', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  rmSync(repository.path, { recursive: true });
  expect(await codeOf(someSources().look(repository.url))).toBe('SOURCE_NOT_FOUND');
});

/** A server that gives nothing but what its refs point to, and what comes before that. */
async function anOldServer(commits: number) {
  const repository = aRepository();
  const ids = Array.from({ length: commits }, (_, index) => repository.commit({ n: `${index}` }));
  const server = await aGitServer(repository, { oldProtocol: true });
  return { repository, ids, server, sources: someSources({ caFile: server.caFile }) };
}

test('where a server gives no commit by its id, it is looked for on the branch', async () => {
  const { ids, server, sources } = await anOldServer(40);
  for (const index of [39, 20, 0]) {
    const { archive } = await sources.take(server.url, ids[index] ?? '');
    expect(fileIn(archive, 'n')).toBe(String(index));
  }
});

test('and on the tag of that name', async () => {
  const { repository, ids, server, sources } = await anOldServer(2);
  repository.git('tag', '-a', '-m', 'one', 'v1', ids[0] ?? '');
  const { archive } = await sources.take(server.url, ids[0] ?? '', {}, 'v1');
  expect(fileIn(archive, 'n')).toBe('0');
});

test('and if it is not there either, it says what to do', async () => {
  const { repository, ids, server, sources } = await anOldServer(1);
  repository.commit({ n: 'other' }, { orphan: true });
  const [pinned = ''] = ids;
  expect(await codeOf(sources.take(server.url, pinned))).toBe('SOURCE_NOT_FOUND');
  expect(await messageOf(sources.take(server.url, pinned))).toBe(
    `Cannot fetch commit ${pinned} of "${server.url}": the server does not give it by its id and is not among the last commits of "main"; set "spec.source.branch" to a branch or tag that points to it, or have the server allow it with "uploadpack.allowReachableSHA1InWant"`,
  );
  expect(await codeOf(sources.take(server.url, pinned, {}, 'gone'))).toBe('SOURCE_NOT_FOUND');
});
