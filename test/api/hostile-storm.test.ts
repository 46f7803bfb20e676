import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess } from '../helpers/bench-process.js';
import type { BenchProcess } from '../helpers/bench-process.js';
import { compiled } from '../helpers/compiled.js';
import { hostileRequests, send } from '../helpers/hostile-requests.js';

const entry = await compiled('test/helpers/api-process.ts');

/** Sends all, some at a time; how often each status came back, 0 for a connection that ended. */
async function storm(port: number): Promise<Map<number, number>> {
  const waiting = hostileRequests();
  const counts = new Map<number, number>();
  const work = async (): Promise<void> => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const code = await send(port, one);
      if (code >= 500)
        throw new Error(
          `${code} for ${one.method} ${one.path.slice(0, 80)}, ${one.type}: ${String(one.body).slice(0, 80)}`,
        );
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return counts;
}

/** Bytes that stay when the last bodies are let go of. */
async function kept(server: BenchProcess): Promise<number> {
  const heaps: number[] = [];
  for (let look = 0; look < 5; look += 1) {
    await sleep(300);
    heaps.push((await server.usage()).heap);
  }
  return Math.min(...heaps);
}

test('what nobody honest sends is no fault of the server, and leaves nothing in its memory', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'registrar-storm-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const server = await startProcess(entry, 'api', dataDir, '1');
  // The first one brings in what is loaded and compiled when it is first needed.
  const counts = await storm(server.port);
  expect([...counts.keys()]).toEqual(
    expect.arrayContaining([0, 400, 401, 404, 413, 415, 422, 429]),
  );
  const before = await kept(server);
  for (let round = 0; round < 2; round += 1) await storm(server.port);
  expect(await kept(server)).toBeLessThan(before * 1.1);
}, 240_000);
