import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { compiled } from '../helpers/compiled.js';
import { aRepository } from '../helpers/git-repository.js';
import { aGitServer } from '../helpers/git-server.js';
import { noise } from '../helpers/noise.js';
import { processesWith } from '../helpers/processes.js';
import { fileIn, someSources } from '../helpers/sources.js';

const PROGRAM = await compiled('test/source/fetching-process.ts');
const PATIENCE = { timeout: 30_000, interval: 20 };

/** Packs that git has not finished. */
function unfinished(dataDir: string): string[] {
  const folder = join(dataDir, 'source', 'repositories');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.includes('tmp_pack'));
}

test('what a process was fetching when it was killed is fetched by the next', async () => {
  const repository = aRepository({ 'big.bin': noise(1024 * 1024), 'a.txt': 'a' });
  const commit = repository.git('rev-parse', 'main');
  let isStalled = true;
  const stallAfter = (): number => (isStalled ? 500_000 : Infinity);
  const server = await aGitServer(repository, { stallAfter });
  const { dataDir, ...sources } = someSources({ caFile: server.caFile });
  const args = [PROGRAM, dataDir, server.url, commit, server.caFile];
  const child = spawn(process.execPath, args, { stdio: 'inherit' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await vi.waitFor(() => expect(unfinished(dataDir)).not.toEqual([]), PATIENCE);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  expect(unfinished(dataDir)).not.toEqual([]);

  isStalled = false;
  const { archive } = await sources.take(server.url, commit);
  expect(fileIn(archive, 'a.txt')).toBe('a');
  expect(unfinished(dataDir)).toEqual([]);
  // The git of the killed process ends with its connection.
  await server.stop();
  await vi.waitFor(() => expect(processesWith(server.url)).toEqual([]), PATIENCE);
});
