import {
  appendFileSync,
  chmodSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { fileIn, someSources } from '../helpers/sources.js';

async function aFetchedCommit() {
  const repository = aRepository({ 'a.txt': 'the content' });
  const commit = repository.git('rev-parse', 'main');
  const sources = someSources();
  const source = await sources.take(repository.url, commit);
  const root = join(sources.dataDir, 'source');
  const [key = ''] = readdirSync(join(root, 'repositories'));
  return { repository, commit, sources, source, root, cached: join(root, 'repositories', key) };
}

/** All files below a folder, with their paths. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('nobody else can look into it', async () => {
  const { root, source } = await aFetchedCommit();
  const folders = [
    root,
    ...['repositories', 'trees', 'home', 'keyrings'].map((n) => join(root, n)),
  ];
  for (const folder of folders) expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(source.archive).mode & 0o777).toBe(0o600);
});

describe('a file that was changed is made anew and never used', () => {
  test.each([
    ['the archive, longer', ({ archive }: { archive: string }) => appendFileSync(archive, 'x')],
    ['the archive, shorter', ({ archive }) => truncateSync(archive, 100)],
    ['the archive, gone', ({ archive }) => rmSync(archive)],
    [
      'the archive, one byte',
      ({ archive }) => {
        const bytes = readFileSync(archive);
        bytes.write('X', bytes.indexOf('the content'));
        writeFileSync(archive, bytes);
      },
    ],
    ['its facts, gone', ({ facts }: { facts: string }) => rmSync(facts)],
    ['its facts, half', ({ facts }) => truncateSync(facts, 50)],
    ['its facts, of nothing', ({ facts }) => writeFileSync(facts, '{}')],
    [
      'its facts, without the source',
      ({ facts }) => {
        const { object } = JSON.parse(readFileSync(facts, 'utf8'));
        writeFileSync(facts, JSON.stringify({ object }));
      },
    ],
    [
      'its facts, of another commit',
      ({ facts }) => {
        const stored = JSON.parse(readFileSync(facts, 'utf8'));
        const object = Buffer.from('tree 0\n\nevil').toString('base64');
        writeFileSync(facts, JSON.stringify({ ...stored, object }));
      },
    ],
  ] as [string, (paths: { archive: string; facts: string }) => void][])('%s', async (_, change) => {
    const { repository, commit, sources, source } = await aFetchedCommit();
    change({ archive: source.archive, facts: source.archive.replace(/tar$/, 'json') });
    expect(await sources.take(repository.url, commit)).toEqual(source);
    expect(fileIn(source.archive, 'a.txt')).toBe('the content');
  });
});

describe('a repository that a killed process left half-written is put right', () => {
  test.each([
    [
      'a lock on what is shallow',
      (folder: string) => writeFileSync(join(folder, 'shallow.lock'), ''),
    ],
    ['a lock on a ref', (folder) => writeFileSync(join(folder, 'refs', 'commits', 'x.lock'), '')],
    ['a lock on the configuration', (folder) => writeFileSync(join(folder, 'config.lock'), '')],
    ['an empty HEAD', (folder) => writeFileSync(join(folder, 'HEAD'), '')],
    ['no HEAD', (folder) => rmSync(join(folder, 'HEAD'))],
    ['an empty configuration', (folder) => writeFileSync(join(folder, 'config'), '')],
    ['half a configuration', (folder) => writeFileSync(join(folder, 'config'), '[core\nbare')],
    [
      'an empty ref',
      (folder) => {
        for (const path of filesIn(join(folder, 'refs'))) writeFileSync(path, '');
      },
    ],
    [
      'a truncated pack',
      (folder) => {
        for (const path of filesIn(join(folder, 'objects', 'pack'))) {
          chmodSync(path, 0o600);
          truncateSync(path, 40);
        }
      },
    ],
    ['no objects', (folder) => rmSync(join(folder, 'objects'), { recursive: true })],
    [
      'a damaged list of what is shallow',
      (folder) => writeFileSync(join(folder, 'shallow'), 'x\n'),
    ],
    [
      'nothing at all',
      (folder) => {
        rmSync(folder, { recursive: true });
      },
    ],
  ] as [string, (folder: string) => void][])('%s', async (_, damage) => {
    const { repository, commit, sources, source, cached } = await aFetchedCommit();
    damage(cached);
    rmSync(source.archive);
    expect(await sources.take(repository.url, commit)).toEqual(source);
    // And so is the next commit.
    const next = repository.commit({ 'a.txt': 'another' });
    const { archive } = await sources.take(repository.url, next);
    expect(fileIn(archive, 'a.txt')).toBe('another');
  });

  test('a repository of too many packs begins anew', async () => {
    const { repository, sources, cached } = await aFetchedCommit();
    const packs = join(cached, 'objects', 'pack');
    for (let index = 0; index < 50; index += 1) writeFileSync(join(packs, `${index}.pack`), '');
    const { archive } = await sources.take(repository.url, repository.commit({ 'a.txt': 'next' }));
    expect(fileIn(archive, 'a.txt')).toBe('next');
    expect(readdirSync(packs).filter((name) => name.endsWith('.pack'))).toHaveLength(1);
  });

  test('what an earlier process was in the middle of is removed', async () => {
    const { repository, commit, sources, root, cached, source } = await aFetchedCommit();
    const drafts = [`${cached}.0123456789ab.tmp`, `${source.archive}.0123456789ab.tmp`];
    for (const draft of [...drafts, join(root, 'keyrings', 'left')]) writeFileSync(draft, 'x');
    await someSources({ dataDir: sources.dataDir }).take(repository.url, commit);
    const left = filesIn(root).filter((path) => /tmp$|keyrings/.test(path));
    expect(left).toEqual([]);
  });
});

test('what one repository has is not given for another', async () => {
  const { commit, sources } = await aFetchedCommit();
  const other = aRepository({ 'b.txt': 'b' });
  expect(await codeOf(sources.take(other.url, commit))).toBe('SOURCE_NOT_FOUND');
});

test('fetches of one commit at once make one', async () => {
  const repository = aRepository({ 'a.txt': 'a' });
  const commit = repository.git('rev-parse', 'main');
  const server = await aGitServer(repository);
  const sources = someSources({ caFile: server.caFile });
  const fetched = await Promise.all([1, 2, 3, 4].map(() => sources.take(server.url, commit)));
  expect(new Set(fetched.map(({ sourceHash }) => sourceHash)).size).toBe(1);
  expect(server.requests.filter((request) => request.startsWith('GET'))).toHaveLength(1);
});

test('fetches of many commits of one repository at once', async () => {
  const repository = aRepository();
  const commits = ['a', 'b', 'c', 'd'].map((content) => repository.commit({ file: content }));
  const sources = someSources();
  const fetched = await Promise.all(commits.map((commit) => sources.take(repository.url, commit)));
  expect(fetched.map(({ archive }) => fileIn(archive, 'file'))).toEqual(['a', 'b', 'c', 'd']);
});
