import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { TreeVerifier } from '../../src/verification/off-thread.js';
import { runTreeJob } from '../../src/verification/tree-job.js';
import type { TreeJob } from '../../src/verification/tree-job.js';
import { aBuilt } from '../helpers/built.js';
import { compiled } from '../helpers/compiled.js';
import { median, ms, printFigures, timed } from '../helpers/figures.js';
import { archiveOf } from '../helpers/git-archive.js';

const FILES = 2000;
const ROUNDS = 5;
/** Longest that anything else may wait for. */
const BAR_MS = 50;

const entry = await compiled('src/verification/worker.ts');
const never = new AbortController().signal;

/** Some 6 KiB of code, as a module has it, in another order in each file. */
function code(file: number): string {
  const lines = Array.from({ length: 120 }, (_, line) => {
    const id = (file * 7919 + line * 104_729) % 99_991;
    return `def step_${id}(self, value):  # handles ${id.toString(16)}\n    return value + ${id}`;
  });
  return lines.join('\n');
}

function generated(): string {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (let file = 0; file < FILES; file += 1)
    put(`src/part${file % 50}/file${file}.py`, code(file));
  put('Dockerfile', 'FROM python:3.12-slim\nCOPY . /app\nUSER 1000\n');
  put('requirements.txt', 'torch==2.1.0\n'.repeat(50));
  return folder;
}

it('checks 2,000 files while the loop and the API go on', async () => {
  const folder = generated();
  const archive = archiveOf(folder);
  const policy = { name: 'bench', checks: [] };
  const job: TreeJob = { files: { archive }, manifest: aBuilt(), policy };
  const verifier = new TreeVerifier({ entry });
  onTestFinished(() => verifier.stop());
  const first = await timed(() => verifier.verify(job, never));
  const rounds = [];
  const idle = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const one = await watched(() => checked(verifier, job));
    rounds.push(one);
    idle.push(await watched(() => sleep(one.took)));
  }
  const took = median(rounds.map((one) => one.took));
  const longest = (of: readonly Watched[]): string[] => {
    const blocked = of.map((one) => one.blocked);
    return [ms(median(blocked)), `worst ${ms(Math.max(...blocked))}`];
  };
  const here = await timed(() => runTreeJob(job, () => undefined));
  printFigures(`All checks over ${FILES} files, median of ${ROUNDS} rounds`, [
    ['', 'time', '', 'bar'],
    ['first, with its thread', ms(first), '', ''],
    ['on a thread', ms(took), `${((FILES / took) * 1000).toFixed(0)} files a second`, ''],
    ['longest block of the main thread', ...longest(rounds), `< ${ms(BAR_MS)}`],
    ['the same while nothing is done', ...longest(idle), ''],
    ['on the main thread, to compare', ms(here), '', ''],
  ]);
  const slowest = await slowestChecks(job);
  printFigures('The slowest of them', slowest);
});

async function checked(verifier: TreeVerifier, job: TreeJob): Promise<void> {
  const results = await verifier.verify(job, never);
  expect(results.filter(({ result }) => result === 'passed').length).toBeGreaterThan(15);
}

interface Watched {
  readonly took: number;
  readonly blocked: number;
}

async function watched(work: () => Promise<unknown>): Promise<Watched> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const took = await timed(work);
  delay.disable();
  return { took, blocked: delay.max / 1e6 };
}

async function slowestChecks(job: TreeJob): Promise<string[][]> {
  let before = performance.now();
  const rows: { check: string; took: number }[] = [];
  await runTreeJob(job, ({ check }) => {
    const now = performance.now();
    rows.push({ check, took: now - before });
    before = now;
  });
  return rows
    .toSorted((a, b) => b.took - a.took)
    .slice(0, 8)
    .map(({ check, took }) => [check, ms(took)]);
}
