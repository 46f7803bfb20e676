import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aRepository } from '../helpers/git-repository.js';
import { someSources } from '../helpers/sources.js';

/** Sources with the archives of three commits, the first the longest unused. */
async function threeCommits() {
  const sources = someSources();
  const repository = aRepository();
  const archives: string[] = [];
  const commits = ['a', 'b', 'c'].map((content) => repository.commit({ file: content }));
  for (const [day, commit] of commits.entries()) {
    const { archive } = await sources.take(repository.url, commit);
    utimesSync(archive, day * 86_400, day * 86_400);
    archives.push(archive);
  }
  const there = (): boolean[] => archives.map((archive) => existsSync(archive));
  return { sources, repository, commits, archives, there };
}

test('nothing is removed while there is room', async () => {
  const { sources, there } = await threeCommits();
  await sources.prune(new Set(), 1024 * 1024 * 1024);
  expect(there()).toEqual([true, true, true]);
});

test('what is kept stays, and all else goes when there is no room', async () => {
  const { sources, repository, commits, archives, there } = await threeCommits();
  await sources.prune(new Set(commits.slice(1, 2)), 0);
  expect(there()).toEqual([false, true, false]);
  expect(readdirSync(join(sources.dataDir, 'source', 'repositories'))).toEqual([]);
  // It is found without the remote, and what went is fetched again.
  repository.git('update-ref', '-d', 'refs/heads/main');
  expect((await sources.take(repository.url, commits[1] ?? '')).archive).toBe(archives[1]);
  await sources.take(repository.url, commits[0] ?? '');
  expect(there()).toEqual([true, true, false]);
});

test('nothing is left of what is not kept', async () => {
  const { sources } = await threeCommits();
  await sources.prune(new Set(), 0);
  for (const part of ['repositories', 'trees']) {
    expect(readdirSync(join(sources.dataDir, 'source', part))).toEqual([]);
  }
});

test('what was used last goes last', async () => {
  const { sources, repository, commits, archives, there } = await threeCommits();
  // A use counts, however long ago the archive was made.
  await sources.take(repository.url, commits[0] ?? '');
  const [oldest = ''] = archives;
  const size = statSync(oldest).size + statSync(oldest.replace('.tar', '.json')).size;
  await sources.prune(new Set(), size);
  expect(there()).toEqual([true, false, false]);
});
