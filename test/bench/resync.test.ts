import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { listModules } from '../../src/client/modules.js';
import { startBench } from '../helpers/bench-site.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { printFigures } from '../helpers/figures.js';

/** Two resyncs of 30 seconds. */
const WINDOW_MS = 62_000;
const NOTHING_SELECTED = { labelSelector: undefined, fieldSelector: undefined };

it('looks at unchanged modules with one list a resync, however many there are', async () => {
  const rows: string[][] = [];
  for (const count of [10, 200]) {
    const proxy = await engineProxy();
    const bench = await startBench(proxy.dockerHost);
    await bench.applyUntilReady(Array.from({ length: count - 1 }, (_, index) => `mod-${index}`));
    // What the start of the last ones still causes.
    await sleep(5_000);
    const version = async () =>
      (await listModules(bench.client, NOTHING_SELECTED)).metadata.resourceVersion;
    const before = { version: await version(), requests: proxy.requests.length };
    await sleep(WINDOW_MS);
    const requests = proxy.requests.slice(before.requests);
    const of = (pattern: RegExp): number => requests.filter((one) => pattern.test(one)).length;
    const figures = {
      lists: of(/\/containers\/json/),
      inspects: of(/\/containers\/[0-9a-f]+\/json/),
      changes: of(/^(POST|PUT|DELETE)/),
      writes: Number(await version()) - Number(before.version),
    };
    rows.push([String(count), ...Object.values(figures).map(String)]);
    expect(figures).toMatchObject({ inspects: 0, changes: 0, writes: 0 });
    expect(figures.lists).toBeLessThanOrEqual(3);
  }
  printFigures(`Engine calls and store writes in ${WINDOW_MS / 1000} s without a change`, [
    ['modules', 'lists', 'inspects', 'changes', 'store writes'],
    ...rows,
  ]);
});
