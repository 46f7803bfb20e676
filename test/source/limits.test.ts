import { readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import type { TestRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { noise } from '../helpers/noise.js';
import { aPackBomb, packAnswer } from '../helpers/pack-bomb.js';
import { someSources } from '../helpers/sources.js';
import type { SourceLimits } from '../../src/source/source.js';

const MIB = 1024 * 1024;
/** For what takes long where others work too. */
const PATIENCE_MS = 300_000;

/** What comes of fetching the tip of a repository within limits; nothing of it may stay. */
async function fetchWithin(repository: TestRepository, limits: Partial<SourceLimits>) {
  const sources = someSources();
  const commit = repository.git('rev-parse', 'main');
  const fetched = sources.take(repository.url, commit, limits);
  const [code, message] = await Promise.all([codeOf(fetched), messageOf(fetched)]);
  const trees = join(sources.dataDir, 'source', 'trees');
  const left = readdirSync(trees, { recursive: true, encoding: 'utf8' });
  return { code, message, left: left.filter((name) => name.includes('.')) };
}

describe('SOURCE_TOO_LARGE', () => {
  test('a large pack, before all of it is there', async () => {
    const repository = aRepository({ 'big.bin': noise(8 * MIB) });
    const { code, message, left } = await fetchWithin(repository, { maxBytes: 2 * MIB });
    expect(code).toBe('SOURCE_TOO_LARGE');
    expect(message).toBe(
      'The remote sends more than the limit of 2 MiB allows; make the repository smaller or raise the limit',
    );
    expect(left).toEqual([]);
  });

  test('a large pack over https', async () => {
    const repository = aRepository({ 'big.bin': noise(8 * MIB) });
    const server = await aGitServer(repository);
    const commit = repository.git('rev-parse', 'main');
    const fetched = someSources({ caFile: server.caFile }).take(server.url, commit, {
      maxBytes: 2 * MIB,
    });
    expect(await codeOf(fetched)).toBe('SOURCE_TOO_LARGE');
  });

  test('a small pack of a large file', async () => {
    const repository = aRepository({ 'zeros.bin': Buffer.alloc(32 * MIB) });
    const { code, message, left } = await fetchWithin(repository, { maxBytes: 16 * MIB });
    expect(code).toBe('SOURCE_TOO_LARGE');
    expect(message).toMatch(/^The commit has more bytes than the limit of 16 MiB allows/);
    expect(left).toEqual([]);
  });

  test('a few bytes that git would have to hold as a large file', async () => {
    const { commit, pack } = aPackBomb(256);
    const intercept = ({ method }: IncomingMessage, response: ServerResponse): boolean => {
      if (method === 'GET') return false;
      response.setHeader('Content-Type', 'application/x-git-upload-pack-result');
      response.end(packAnswer(commit, pack));
      return true;
    };
    const { url, caFile } = await aGitServer(aRepository({ a: 'a' }), { intercept });
    const within = (maxMemory: number, maxBytes: number) =>
      messageOf(someSources({ caFile, maxMemory }).take(url, commit, { maxBytes }));
    expect(pack.length).toBeLessThan(4096);
    expect(await within(128 * MIB, 512 * MIB)).toContain('git needs more memory for it');
    // It is a real pack: with the memory, the size of the file counts.
    expect(await within(512 * MIB, 64 * MIB)).toContain('more bytes than the limit of 64 MiB');
  });

  test('many files', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d/${i}.txt`, 'x']));
    const repository = aRepository(files);
    const { code, message, left } = await fetchWithin(repository, { maxFiles: 300 });
    expect(code).toBe('SOURCE_TOO_LARGE');
    expect(message).toMatch(/^The commit has more files and folders than the limit of 300 allows/);
    expect(left).toEqual([]);
    expect(await fetchWithin(repository, { maxFiles: 301 })).toMatchObject({ code: 'none' });
  });

  test('hundreds of thousands of files', { timeout: PATIENCE_MS }, async () => {
    const repository = aRepository();
    const line = (index: number): string => `M 100644 :1 ${index % 1000}/${index}\n`;
    const lines = Array.from({ length: 300_000 }, (_, index) => line(index));
    const head = 'blob\nmark :1\ndata 1\nx\ncommit refs/heads/main\n';
    const commit = 'committer a <a@b> 1 +0000\ndata 1\nx\n';
    repository.feed(`${head}${commit}${lines.join('')}`, 'fast-import', '--quiet');
    expect(await fetchWithin(repository, { timeoutMs: PATIENCE_MS })).toMatchObject({
      code: 'SOURCE_TOO_LARGE',
      left: [],
    });
  });

  test('a few objects that stand for ten thousand million files', async () => {
    const repository = aRepository();
    const blob = repository.feed('x', 'hash-object', '-w', '--stdin');
    const tenOf = (mode: string, type: string, id: string): string => {
      const lines = Array.from({ length: 10 }, (_, index) => `${mode} ${type} ${id}\t${index}\n`);
      return repository.feed(lines.join(''), 'mktree');
    };
    let tree = tenOf('100644', 'blob', blob);
    for (let depth = 1; depth < 10; depth += 1) tree = tenOf('040000', 'tree', tree);
    const commit = repository.git('commit-tree', '-m', 'bomb', tree);
    repository.git('update-ref', 'refs/heads/main', commit);
    expect(await fetchWithin(repository, {})).toMatchObject({ code: 'SOURCE_TOO_LARGE', left: [] });
  });

  test('a deep tree', async () => {
    const repository = aRepository({ [`${'d/'.repeat(1000)}f`]: 'x' });
    const { code, message } = await fetchWithin(repository, { maxPathLength: 1024 });
    expect(code).toBe('SOURCE_TOO_LARGE');
    expect(message).toMatch(
      /^The commit has a longer path, "d\/d\/.*…", than the limit of 1024 bytes/,
    );
  });

  test('a long path, with characters that deceive', async () => {
    const repository = aRepository({ [`\u001b[31m${'ä'.repeat(100)}`]: 'x' });
    const { code, message } = await fetchWithin(repository, { maxPathLength: 100 });
    expect(code).toBe('SOURCE_TOO_LARGE');
    expect(message).toContain('"?[31määä');
  });
});

test('what is at its limits is fetched', async () => {
  const repository = aRepository({ a: 'x'.repeat(500), 'b/c': 'x'.repeat(500) });
  const limits = { maxBytes: 1000, maxFiles: 3, maxPathLength: 3 };
  expect(await fetchWithin(repository, limits)).toMatchObject({ code: 'none' });
});
