import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { MODULES } from '../helpers/bench-client.js';
import { BenchConnection } from '../helpers/bench-connection.js';
import { startProcess } from '../helpers/bench-process.js';
import { compiled } from '../helpers/compiled.js';
import { median, printFigures, ratio } from '../helpers/figures.js';

const CLIENTS = 32;
const ROUNDS = 7;
const ROUND_MS = 2000;
const BAR = 1;
const VERSION = /"resourceVersion":"\d+"/;

const entry = await compiled('test/helpers/api-process.ts');

/** What is measured; `web` is what is left when nothing is checked or stored. */
type Measured = 'bare' | 'web' | 'many' | 'one';

it('stores applies durably, against bare transactions one after another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { port } = await startProcess(entry, 'api', join(folder, 'data'), String(CLIENTS));
  const connections = await connect(port);
  const json = await apply(connections, 0);
  const file = join(folder, 'answer.json');
  writeFileSync(file, json);
  const web = await connect((await startProcess(entry, 'bare', file)).port);
  const bare = bareStore(join(folder, 'bare.db'), json);
  const rounds: Record<Measured, number>[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const figures = {
      bare: bare(),
      web: (await answersPerSecond(web)).perSecond,
      many: await appliesPerSecond(connections),
      one: await appliesPerSecond(connections.slice(0, 1)),
    };
    // The first round warms up.
    if (round > 0) rounds.push(figures);
  }
  const row = (what: string, of: Measured, bar: string): string[] => [
    what,
    median(rounds.map((one) => one[of])).toFixed(0),
    ratio(median(rounds.map((one) => one[of] / one.bare))),
    bar,
  ];
  printFigures(`Durable applies per second, median of ${ROUNDS} rounds`, [
    ['', 'per second', 'against bare', 'bar'],
    row('bare better-sqlite3, a transaction per row', 'bare', ''),
    row(`bare fastify that stores nothing, ${CLIENTS} clients`, 'web', ''),
    row(`registrar, ${CLIENTS} clients`, 'many', ratio(BAR)),
    row('registrar, 1 client', 'one', ''),
  ]);
  const each = (of: Measured): string =>
    `${(1e6 / median(rounds.map((one) => one[of]))).toFixed(0)} µs`;
  printFigures('What decides is how long a disk takes for a commit', [
    ['this one, of the bare store', each('bare')],
    ['the bar is met from', each('many')],
  ]);
});

const connect = (port: number): Promise<BenchConnection[]> =>
  Promise.all(Array.from({ length: CLIENTS }, () => BenchConnection.open(port)));

let changes = 0;

/** Changes a module of its own for each client; every apply is a change. */
async function apply(clients: readonly BenchConnection[], client: number): Promise<string> {
  changes += 1;
  const patch = JSON.stringify({ spec: { description: `Change ${changes}` } });
  return (await clients[client]?.patch(`${MODULES}/module-${client}`, patch)) ?? '';
}

const versionIn = (json: string): number =>
  Number((JSON.parse(json) as { metadata: { resourceVersion: string } }).metadata.resourceVersion);

/** Clients that each send their next apply when the last one is answered. */
async function answersPerSecond(
  clients: readonly BenchConnection[],
): Promise<{ done: number; perSecond: number }> {
  const began = performance.now();
  const counts = clients.map(async (_, client) => {
    let count = 0;
    for (; performance.now() - began < ROUND_MS; count += 1) await apply(clients, client);
    return count;
  });
  const done = (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  return { done, perSecond: (done * 1000) / (performance.now() - began) };
}

async function appliesPerSecond(clients: readonly BenchConnection[]): Promise<number> {
  const before = versionIn(await apply(clients, 0));
  const { done, perSecond } = await answersPerSecond(clients);
  // Each of them was stored by itself: the versions say so.
  expect(versionIn(await apply(clients, 0))).toBe(before + done + 1);
  return perSecond;
}

/** Rows per second that are each in a durable transaction, one after another. */
function bareStore(path: string, json: string): () => number {
  const database = new Sqlite(path);
  onTestFinished(() => void database.close());
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('CREATE TABLE objects (name TEXT NOT NULL PRIMARY KEY, object TEXT NOT NULL)');
  const put = database.prepare(
    'INSERT INTO objects VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET object = excluded.object',
  );
  let versions = 0;
  return () => {
    const began = performance.now();
    let count = 0;
    for (; performance.now() - began < ROUND_MS; count += 1) {
      // SQLite writes nothing when a row stays as it is.
      versions += 1;
      put.run(`module-${count % CLIENTS}`, json.replace(VERSION, String(versions)));
    }
    return count / ((performance.now() - began) / 1000);
  };
}
