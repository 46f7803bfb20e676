import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { BenchClient } from '../helpers/bench-client.js';
import { startProcess } from '../helpers/bench-process.js';
import type { BenchProcess } from '../helpers/bench-process.js';
import { compiled } from '../helpers/compiled.js';
import { printFigures } from '../helpers/figures.js';

const COUNT = 1000;
const STUCK = 50;
const READING = 50;
/** Enough to fill what the operating system keeps for a client, and what Registrar does. */
const LARGE_CHANGES = 200;
const LARGE = ['A', 'B', 'C'].map((name) => ({ name, value: 'x'.repeat(32_000) }));

const entry = await compiled('test/helpers/api-process.ts');

const start = (modules: number): Promise<BenchProcess> => {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return startProcess(entry, 'api', join(folder, 'data'), String(modules));
};

it(`brings every change of ${COUNT} modules to ${COUNT} watchers`, async () => {
  const api = await start(COUNT);
  const client = new BenchClient(api.port);
  await client.change('module-0', { description: 'Warm' });
  const before = await api.usage();
  const readers = await Readers.open(client, COUNT);
  const after = await api.usage();
  const delays: number[] = [];
  for (let index = 0; index < COUNT; index += 1) {
    delays.push(...(await readers.change(`module-${index}`, { description: 'Changed' })));
  }
  expect(readers.lines).toBe(COUNT * COUNT);
  printFigures(`${COUNT} changes to ${COUNT} watchers, one after another`, [
    ['deliveries', String(delays.length)],
    ['from the request until a watcher has it, median', millis(quantile(delays, 0.5))],
    ['p99', millis(quantile(delays, 0.99))],
    ['memory of an idle watcher, objects', kib((after.heap - before.heap) / COUNT)],
    ['memory of an idle watcher, resident', kib((after.rss - before.rss) / COUNT)],
  ]);
});

it('is not held up by watchers that never read', async () => {
  const api = await start(1);
  const client = new BenchClient(api.port);
  const readers = await Readers.open(client, READING);
  const changeAll = async (): Promise<{ delays: number[]; heap: number }> => {
    const delays: number[] = [];
    let heap = 0;
    for (let index = 0; index < LARGE_CHANGES; index += 1) {
      const env = [...LARGE, { name: 'CHANGE', value: String(index) }];
      delays.push(...(await readers.change('module-0', { env })));
      if (index % 10 === 0) heap = Math.max(heap, (await api.usage()).heap);
    }
    return { delays, heap };
  };
  const alone = await changeAll();
  const { connections } = await api.usage();
  for (let index = 0; index < STUCK; index += 1) await client.watchWithoutReading();
  const beside = await changeAll();
  // All that never read are cut off.
  while ((await api.usage()).connections > connections) await sleep(50);
  printFigures(`${LARGE_CHANGES} changes of 96 kB to ${READING} watchers that read`, [
    ['', 'alone', `beside ${STUCK} that never read`],
    ...[0.5, 0.99].map((q) => [
      `until a watcher has it, p${q * 100}`,
      millis(quantile(alone.delays, q)),
      millis(quantile(beside.delays, q)),
    ]),
    ['most memory of objects', kib(alone.heap), kib(beside.heap)],
    ['one that never reads, at most', '', kib((beside.heap - alone.heap) / STUCK)],
  ]);
});

/** Watchers that read, all of which must get the same lines. */
class Readers {
  lines = 0;
  #expected: string | undefined;
  #arrivals: number[] = [];
  #all: () => void = () => undefined;

  static async open(client: BenchClient, count: number): Promise<Readers> {
    const readers = new Readers(client, count);
    for (let opened = 0; opened < count; opened += 1) {
      await client.watch((line) => readers.#take(line));
    }
    return readers;
  }

  private constructor(
    private readonly client: BenchClient,
    private readonly count: number,
  ) {}

  /** Changes a module and waits until every watcher has it; resolves to the delay of each (ms). */
  async change(name: string, spec: object): Promise<number[]> {
    this.#expected = undefined;
    this.#arrivals = [];
    const arrived = new Promise<void>((resolve) => (this.#all = resolve));
    const began = performance.now();
    const json = await this.client.change(name, spec);
    await arrived;
    expect(this.#expected).toBe(`{"type":"MODIFIED","object":${json}}`);
    return this.#arrivals.map((time) => time - began);
  }

  #take(line: string): void {
    this.lines += 1;
    this.#expected ??= line;
    if (line !== this.#expected) throw new Error(`A watcher got another line: ${line}`);
    this.#arrivals.push(performance.now());
    if (this.#arrivals.length === this.count) this.#all();
  }
}

function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}

const millis = (figure: number): string => `${figure.toFixed(1)} ms`;
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
