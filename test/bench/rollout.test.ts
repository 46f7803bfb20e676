import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { MODULE_LABEL } from '../../src/model/owner.js';
import { compiled } from '../helpers/compiled.js';
import { aSite } from '../helpers/daemon.js';
import { docker, SAMPLE_IMAGE } from '../helpers/engine.js';
import { median, ms, printFigures, ratio } from '../helpers/figures.js';
import { freePort } from '../helpers/free-port.js';
import { nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';
import { ownEngine, whyNoOwnEngine } from '../helpers/own-engine.js';
import type { OwnEngine } from '../helpers/own-engine.js';
import { rolloutsOf } from '../helpers/rollouts.js';
import type { Rollouts } from '../helpers/rollouts.js';
import { healthy, serviceLabel, swarmService } from '../helpers/swarm-service.js';

const ROUNDS = 5;
const PORT = 8080;

interface Hits {
  readonly refused: number;
  readonly longestGapMs: number;
}

const serve = (word: string): string[] => [
  ...['sh', '-c'],
  `trap 'exit 0' TERM; echo ${word} > /tmp/index.html; httpd -f -p ${PORT} -h /tmp & wait $!`,
];
const CHECK = ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${PORT}/`];

const problem = whyNoOwnEngine();
const hammerProcess = await compiled('test/helpers/hammer-process.ts');

/** What a client in the network of the engine saw that asked all the time while `work` went on. */
async function seenDuring(
  engine: OwnEngine,
  where: readonly string[],
  work: () => Promise<unknown>,
): Promise<Hits> {
  const [program, args] = engine.inNetwork(process.execPath, hammerProcess, ...where);
  const client = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(client, 'exit');
  const lines = createInterface(client.stdout)[Symbol.asyncIterator]();
  try {
    await lines.next();
    await work();
  } finally {
    client.stdin.end();
    await ended;
  }
  return JSON.parse((await lines.next()).value ?? '') as Hits;
}

/** One swap after the other. */
async function rounds(
  engine: OwnEngine,
  where: readonly string[],
  swap: (round: number) => Promise<unknown>,
): Promise<Hits[]> {
  const all: Hits[] = [];
  for (let round = 1; round <= ROUNDS; round += 1)
    all.push(await seenDuring(engine, where, () => swap(round)));
  return all;
}

const serving = (word: string, hostPort?: number): SpecInput => ({
  command: serve(word),
  healthCheck: { exec: { command: CHECK }, intervalSeconds: 1, timeoutSeconds: 1 },
  ports: [{ name: 'web', containerPort: PORT, ...(hostPort !== undefined && { hostPort }) }],
});

/** Where a client asks: a port of the host where there is one, else the containers. */
const whereOf = (label: string, port?: number): string[] =>
  port === undefined ? ['label', label, String(PORT)] : ['port', String(port)];

async function rollouts(engine: OwnEngine, modules: Rollouts, port?: number): Promise<Hits[]> {
  const name = nameOf('swap');
  await modules.running(name, serving('round-0', port));
  return rounds(engine, whereOf(`${MODULE_LABEL}=${name}`, port), async (round) => {
    await modules.change(name, serving(`round-${round}`, port));
    await modules.untilRollout(name, 1 + round, 'Complete');
  });
}

async function serviceUpdates(engine: OwnEngine, port?: number): Promise<Hits[]> {
  const name = nameOf('service');
  const service = await swarmService({
    ...{ name, command: serve('round-0'), check: CHECK, containerPort: PORT },
    ...(port === undefined ? { order: 'start-first' } : { order: 'stop-first', hostPort: port }),
  });
  return rounds(engine, whereOf(serviceLabel(name), port), (round) =>
    service.update(serve(`round-${round}`)),
  );
}

/** `docker stop` of the old one, `docker start` of the new one. */
async function bareSwaps(engine: OwnEngine, port: number): Promise<Hits[]> {
  const make = async (round: number) => {
    const container = await docker().createContainer({
      ...{ Image: SAMPLE_IMAGE, Cmd: serve(`round-${round}`), Labels: { round: `${round}` } },
      ...{ ExposedPorts: { [`${PORT}/tcp`]: {} }, name: nameOf('bare') },
      Healthcheck: { Test: ['CMD', ...CHECK], Interval: 1e9, Timeout: 1e9 },
      HostConfig: { PortBindings: { [`${PORT}/tcp`]: [{ HostPort: `${port}` }] } },
    });
    return container;
  };
  let old = await make(0);
  await old.start();
  await healthy('round=0');
  return rounds(engine, whereOf('', port), async (round) => {
    const next = await make(round);
    await old.stop();
    await next.start();
    await healthy(`round=${round}`);
    old = next;
  });
}

const gap = (all: readonly Hits[]): number => median(all.map(({ longestGapMs }) => longestGapMs));
const refusals = (all: readonly Hits[]): number =>
  all.reduce((sum, { refused }) => sum + refused, 0);

// The engine is the test's own: a swarm would change one that others use.
it.skipIf(problem !== undefined)(`swaps containers ${problem ?? ''}`, async () => {
  const engine = await ownEngine();
  await docker().swarmInit({ ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' });
  const site = aSite();
  await site.start(['--log-level', 'error']);
  const modules = rolloutsOf(site);
  const startFirst = await rollouts(engine, modules);
  const serviceStartFirst = await serviceUpdates(engine);
  const stopFirst = await rollouts(engine, modules, await freePort());
  const serviceStopFirst = await serviceUpdates(engine, await freePort());
  const bare = await bareSwaps(engine, await freePort());
  const row = (title: string, all: readonly Hits[], service?: readonly Hits[]) => [
    ...[title, `${refusals(all)}`, ms(gap(all))],
    service === undefined ? '' : ratio(gap(all) / gap(service)),
  ];
  printFigures(`${ROUNDS} swaps of a web server, seen by a client that asks all the time`, [
    ['', 'refused', 'longest time without answer, median', 'to docker service update'],
    row('the new one first: registrar', startFirst, serviceStartFirst),
    row('docker service update', serviceStartFirst),
    row('the old one stops first: registrar', stopFirst, serviceStopFirst),
    row('docker service update', serviceStopFirst),
    row('docker stop, docker start', bare, serviceStopFirst),
  ]);
  expect(refusals(startFirst)).toBe(0);
});
