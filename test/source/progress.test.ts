import { expect, test, vi } from 'vitest';
import { progressLines } from '../../src/source/progress.js';
import { aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { OPTIONS, never, someSources } from '../helpers/sources.js';

test('steps of git are passed on once, clean and short', () => {
  const said: string[] = [];
  const push = progressLines((text) => said.push(text));
  for (const line of [
    'remote: Enumerating objects: 7, done.',
    'Receiving objects:  14% (1/7)',
    'Receiving objects:  14% (1/7)',
    'Receiving objects: 100% (7/7), 1.2 MiB | 3 MiB/s, done.',
    'remote: Buy \u001b[31mthis\u001b[0m',
    'remote: Counting \u001b[31mevil\u0007',
    'From https://h.example/a',
    `Resolving ${'x'.repeat(1000)}`,
  ]) {
    push(line);
  }
  expect(said).toEqual([
    'Enumerating objects: 7',
    'Receiving objects: 14% (1/7)',
    'Receiving objects: 100% (7/7)',
    'Counting evil?',
    `Resolving ${'x'.repeat(110)}…`,
  ]);
});

test('a fetch tells how far it is', async () => {
  const repository = aRepository({ 'a.txt': 'a', 'b.txt': 'b' });
  const server = await aGitServer(repository);
  const sources = someSources({ caFile: server.caFile });
  const onProgress = vi.fn<(text: string) => void>();
  const location = { repoUrl: server.url, branch: 'main', commit: '' };
  const commit = repository.git('rev-parse', 'main');
  await sources.fetch(location, commit, OPTIONS, onProgress, never());
  expect(onProgress.mock.calls.flat()).toContain('Receiving objects: 100% (4/4)');
});
