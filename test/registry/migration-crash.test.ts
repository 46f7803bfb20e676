import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/registry/database.js';
import { migrationSource } from '../../src/registry/migrations.js';
import { compiled } from '../helpers/compiled.js';
import { killPointProblem } from '../helpers/kill-point.js';
import { openTempRegistry, tempDataDir } from '../helpers/temp-registry.js';

const HOLDER = await compiled('test/registry/holder.ts');

const ROW = {
  ...{ name: 'echo', version: '1.4.2', repo_url: 'https://github.com/example/echo.git' },
  ...{ branch: 'main', description: 'Echoes', author: 'Ada', license: 'MIT', downloads: 7 },
  ...{ created_at: '2026-01-01T12:00:00Z', updated_at: '2026-01-02T12:00:00Z' },
  ...{ module_type: 'miner', status: 'active' },
};

/** A store as the service published it: all later migrations are to come. */
async function published(): Promise<string> {
  const dataDir = tempDataDir();
  const database = openDatabase(join(dataDir, 'registrar.db'));
  await database.knex.migrate.up({ migrationSource });
  await database.knex('subnet_modules').insert(ROW);
  await database.close();
  return dataDir;
}

/** Opens a store in a process that is killed when it writes for the n-th time; whether it came to an end. */
async function openedUntil(dataDir: string, n: number): Promise<boolean> {
  const inject = `inject=pwrite64:signal=KILL:when=${n}`;
  const args = ['-f', '-o', '/dev/null', '-e', 'trace=pwrite64', '-e', inject];
  const child = spawn('strace', [...args, process.execPath, HOLDER, dataDir], {
    // Both are ended together: what is traced outlives its tracer.
    ...{ detached: true, stdio: ['pipe', 'pipe', 'ignore'] },
  });
  const ended = once(child, 'close');
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const { value } = await lines.next();
  if (value === 'open') process.kill(-(child.pid ?? 0), 'SIGKILL');
  await ended;
  return value === 'open';
}

const problem = await killPointProblem();

test.skipIf(problem !== undefined)(
  `a kill at any write of the migrations leaves a store that opens with all it had ${problem ?? ''}`,
  async () => {
    const old = await published();
    // Further and further apart: the first writes begin everything, the last end it.
    for (let n = 1, step = 1; ; n += step, step = Math.ceil(n / 3)) {
      const dataDir = tempDataDir();
      cpSync(old, dataDir, { recursive: true });
      const isOpened = await openedUntil(dataDir, n);
      const { registry, close } = await openTempRegistry({ dataDir });
      expect(registry.get('Module', 'echo')?.object.spec, `at write ${n}`).toMatchObject({
        version: '1.4.2',
      });
      await close();
      if (isOpened) break;
    }
  },
);
