import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMITTED_AT, aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { fileIn, namesIn, someSources } from '../helpers/sources.js';

const FILES = {
  Dockerfile: 'FROM scratch\n',
  'src/main.py': 'print("hello")\n',
  'run.sh': { executable: '#!/bin/sh\n' },
  link: { symlink: '/etc/passwd' },
};

test('the archive holds the files of the commit and nothing else', async () => {
  const repository = aRepository(FILES);
  const commit = repository.git('rev-parse', 'main');
  const source = await someSources().take(repository.url, commit);
  expect(source).toMatchObject({
    commit,
    author: 'Ada Lovelace <ada@example.org>',
    committedAt: new Date(COMMITTED_AT * 1000).toISOString().replace('.000Z', 'Z'),
    files: 4,
    bytes: 13 + 15 + 10 + 11,
    submodules: [],
  });
  expect(namesIn(source.archive)).toEqual(['Dockerfile', 'link', 'run.sh', 'src/', 'src/main.py']);
  expect(fileIn(source.archive, 'src/main.py')).toBe('print("hello")\n');
  const hash = createHash('sha256').update(readFileSync(source.archive)).digest('hex');
  expect(source.sourceHash).toBe(`sha256:${hash}`);
});

test('the same commit gives the same bytes, whatever way it comes', async () => {
  const repository = aRepository(FILES);
  const commit = repository.git('rev-parse', 'main');
  const server = await aGitServer(repository);
  const here = await someSources().take(repository.url, commit);
  const there = await someSources({ caFile: server.caFile }).take(server.url, commit);
  expect(there.sourceHash).toBe(here.sourceHash);
  expect(readFileSync(there.archive).equals(readFileSync(here.archive))).toBe(true);
});

test('only one commit is fetched, not its history', async () => {
  const repository = aRepository({ 'old.txt': 'old' });
  const commit = repository.commit({ 'old.txt': null, 'new.txt': 'new' });
  const source = await someSources().take(repository.url, commit);
  expect(namesIn(source.archive)).toEqual(['new.txt']);
});

test('a repository with longer ids', async () => {
  const repository = aRepository({ 'a.txt': 'a' }, 'sha256');
  const commit = repository.git('rev-parse', 'main');
  const source = await someSources().take(repository.url, commit);
  expect(namesIn(source.archive)).toEqual(['a.txt']);
});

test('a commit that is there is given without the remote', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const commit = repository.git('rev-parse', 'main');
  const server = await aGitServer(repository);
  const sources = someSources({ caFile: server.caFile });
  const before = await sources.take(server.url, commit);
  await server.stop();
  expect(await sources.take(server.url, commit)).toEqual(before);
});
