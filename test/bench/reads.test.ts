import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MODULES } from '../helpers/bench-client.js';
import { BENCH_TOKEN, getsPerSecond, startProcess } from '../helpers/bench-process.js';
import { compiled } from '../helpers/compiled.js';
import { median, printFigures, ratio } from '../helpers/figures.js';

const COUNT = 1000;
const ROUNDS = 7;
const BAR = 0.7;

const CASES = [
  { what: 'one module', path: `${MODULES}/module-500`, shot: { connections: 32, seconds: 2 } },
  { what: `a list of ${COUNT}`, path: MODULES, shot: { connections: 8, seconds: 2 } },
];

const entry = await compiled('test/helpers/api-process.ts');

it('answers GET, against a bare fastify route that returns the same bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const api = await startProcess(entry, 'api', join(folder, 'data'), String(COUNT));
  const rows: string[][] = [];
  for (const { what, path, shot } of CASES) {
    const url = `http://127.0.0.1:${api.port}${path}`;
    const bytes = await bytesOf(url);
    const file = join(folder, 'answer.json');
    writeFileSync(file, bytes);
    const bare = await startProcess(entry, 'bare', file);
    const bareUrl = `http://127.0.0.1:${bare.port}${path}`;
    expect(await bytesOf(bareUrl)).toEqual(bytes);
    const rounds: { bare: number; api: number }[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const figures = {
        bare: await getsPerSecond(bareUrl, shot),
        api: await getsPerSecond(url, shot),
      };
      // The first round warms up.
      if (round > 0) rounds.push(figures);
    }
    rows.push([
      what,
      String(bytes.length),
      median(rounds.map((one) => one.bare)).toFixed(0),
      median(rounds.map((one) => one.api)).toFixed(0),
      ratio(median(rounds.map((one) => one.api / one.bare))),
      ratio(BAR),
    ]);
  }
  printFigures(`GETs per second with authentication on, median of ${ROUNDS} rounds`, [
    ['', 'bytes', 'bare fastify', 'registrar', 'registrar / bare', 'bar'],
    ...rows,
  ]);
});

async function bytesOf(url: string): Promise<Buffer> {
  const answer = await fetch(url, { headers: { authorization: `Bearer ${BENCH_TOKEN}` } });
  expect(answer.status).toBe(200);
  return Buffer.from(await answer.arrayBuffer());
}
