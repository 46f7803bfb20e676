import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { ANY_REGISTRY, aSite } from '../helpers/daemon.js';
import { freePort } from '../helpers/free-port.js';
import { ms } from '../helpers/figures.js';
import { containersOn, hammer, hostPort } from '../helpers/hammer.js';
import type { Hits, Lookup } from '../helpers/hammer.js';
import { conditionOf, ending, nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';
import { rolloutsOf } from '../helpers/rollouts.js';

const site = aSite({ atEnd: afterAll });
const modules = rolloutsOf(site);
let others: Bystanders;

beforeAll(async () => {
  site.declare('policy.yaml', ANY_REGISTRY);
  await site.start();
  others = await bystanders(site, modules);
});
afterAll(async () => {
  expect(await others.look()).toEqual(others.unharmed);
  await others.remove();
});

const shell = (script: string): SpecInput => ({ command: ['sh', '-c', script] });
const good = (word: string, more: SpecInput = {}): SpecInput => ({
  env: [{ name: 'WORD', value: word }],
  ...more,
});
/** A web server that says a word. */
const serving = (word: string, more: SpecInput = {}): SpecInput => ({
  ...shell(
    `trap 'exit 0' TERM; echo ${word} > /tmp/index.html; httpd -f -p 8080 -h /tmp & wait $!`,
  ),
  healthCheck: { http: { port: 8080 }, intervalSeconds: 1, timeoutSeconds: 2 },
  ...more,
});
const strategy = (more: object): SpecInput => ({ strategy: { minReadySeconds: 0, ...more } });
const dataVolume = { volumes: [{ name: 'data', mountPath: '/data' }] };
const onPort = (port: number): SpecInput => ({
  ports: [{ name: 'web', containerPort: 8080, hostPort: port }],
});
const check = (how: object): SpecInput => ({
  healthCheck: { ...how, intervalSeconds: 1, timeoutSeconds: 1, retries: 1 },
});

const START_FIRST = { order: 'start-first', because: 'both can run at once' };
const stopFirst = (because: string) => ({ order: 'stop-first', because });

/** A client of a module: where it asks. */
type Client = (name: string, port: number) => Lookup;
const viaContainers: Client = (name) => containersOn(name, 8080);
const viaHost: Client = (_name, port) => hostPort(port);

interface Row {
  readonly title: string;
  readonly before: (port: number) => SpecInput;
  readonly after: (port: number) => SpecInput;
  readonly how: (port: number) => object;
  readonly client?: Client;
}

const GOOD: readonly Row[] = [
  {
    title: 'that both can run at once starts the new one first, and no request is refused',
    ...{ before: () => serving('one'), after: () => serving('two') },
    ...{ how: () => START_FIRST, client: viaContainers },
  },
  {
    title: 'of several replicas goes slot by slot, and no request is refused',
    before: () => serving('one', { replicas: 3 }),
    after: () => serving('two'),
    ...{ how: () => START_FIRST, client: viaContainers },
  },
  {
    title: 'of several replicas with a surge of two',
    before: () => good('one', { replicas: 4, ...strategy({ maxSurge: 2 }) }),
    after: () => good('two'),
    how: () => START_FIRST,
  },
  {
    title: 'with a port of the host stops the old one first',
    before: (port) => serving('one', onPort(port)),
    after: () => serving('two'),
    how: (port) => stopFirst(`both publish port ${port}/TCP of the host`),
    client: viaHost,
  },
  {
    title: 'with a volume of its own stops the old one first',
    ...{ before: () => good('one', dataVolume), after: () => good('two') },
    how: () => stopFirst('both write to volume "data"'),
  },
  {
    title: 'by Recreate stops all old ones first',
    before: () => good('one', { replicas: 2, ...strategy({ type: 'Recreate' }) }),
    after: () => good('two'),
    how: () => stopFirst('spec.strategy.type is Recreate'),
  },
  {
    title: 'without surge stops the old one first',
    before: () => good('one', { replicas: 2, ...strategy({ maxSurge: 0, maxUnavailable: 1 }) }),
    after: () => good('two'),
    how: () => stopFirst('spec.strategy.maxSurge is 0'),
  },
  {
    title: 'that waits for the new one to be ready for a second',
    before: () => good('one', strategy({ minReadySeconds: 1 })),
    ...{ after: () => good('two'), how: () => START_FIRST },
  },
];

/** What the client saw while `work` went on. */
async function asked<T>(
  client: Lookup | undefined,
  work: () => Promise<T>,
): Promise<[T, Hits | undefined]> {
  const hits = client && hammer(client);
  try {
    const done = await work();
    return [done, await hits?.stop()];
  } finally {
    await hits?.stop();
  }
}

function judgeHits(title: string, hits: Hits | undefined, isStartFirst: boolean): void {
  if (hits === undefined) return;
  if (isStartFirst) expect(hits.refused).toBe(0);
  console.log(`${title}: ${hits.refused} refused, at most ${ms(hits.longestGapMs)} without answer`);
}

describe.concurrent('a good rollout', () => {
  it.each(GOOD)('$title', async ({ title, before, after, how, client }) => {
    const [name, port] = [nameOf('good'), await freePort()];
    const old = await modules.running(name, before(port));
    const [{ status, spec }, hits] = await asked(client?.(name, port), async () => {
      await modules.change(name, after(port));
      await modules.untilRollout(name, 2, 'Complete');
      return modules.untilReady(name);
    });
    const revision = status.updatedRevision ?? '';
    expect(revision).not.toBe(old.revision);
    expect(status).toMatchObject({ phase: 'Running', restarts: 0, currentRevision: revision });
    expect(status.quarantined).toBeUndefined();
    const containers = await modules.containers(name);
    expect(containers).toHaveLength(spec.replicas);
    for (const one of containers) {
      expect(one).toMatchObject({ state: 'running', revision });
      expect(old.containers.map(({ id }) => id)).not.toContain(one.id);
    }
    const [first, second, ...more] = await modules.receipts(name);
    expect(first).toMatchObject({ number: 1, to: old.revision, state: 'Complete' });
    expect(second).toMatchObject({
      ...{ number: 2, from: old.revision, to: revision, state: 'Complete' },
      ...{ actor: 'registrar', ready: spec.replicas, ...how(port) },
    });
    expect(second?.evidence).toBeUndefined();
    expect(more).toEqual([]);
    judgeHits(title, hits, client === viaContainers);
    if (hits) expect([...hits.answers.keys()].at(-1)).toBe('two');
  });
});

interface BadRow extends Row {
  readonly reason: string;
  /** Of the container that failed. */
  readonly evidence?: object;
}

const BAD: readonly BadRow[] = [
  {
    title: 'crashes at once',
    ...{ before: () => serving('one'), how: () => START_FIRST, client: viaContainers },
    after: () => ending('echo last words; exit 3'),
    reason: 'Crashed',
    evidence: { exitCode: 3, log: expect.arrayContaining(['last words']) as string[] },
  },
  {
    title: 'crashes after three seconds',
    before: () => good('one', strategy({ minReadySeconds: 10 })),
    after: () => shell('sleep 3; exit 4'),
    ...{ how: () => START_FIRST, reason: 'Crashed', evidence: { exitCode: 4 } },
  },
  {
    title: 'ends at once as if all was well',
    ...{ before: () => good('one', strategy({ minReadySeconds: 1 })), how: () => START_FIRST },
    ...{ after: () => ending('exit 0'), reason: 'Crashed', evidence: { exitCode: 0 } },
  },
  {
    title: 'crashes with a port of the host',
    before: (port) => serving('one', onPort(port)),
    after: () => ending('exit 5'),
    how: (port) => stopFirst(`both publish port ${port}/TCP of the host`),
    ...{ reason: 'Crashed', evidence: { exitCode: 5 }, client: viaHost },
  },
  {
    title: 'crashes with a volume of its own',
    ...{ before: () => good('one', dataVolume), after: () => ending('exit 6') },
    how: () => stopFirst('both write to volume "data"'),
    ...{ reason: 'Crashed', evidence: { exitCode: 6 } },
  },
  {
    title: 'crashes by Recreate, with replicas',
    before: () => good('one', { replicas: 2, ...strategy({ type: 'Recreate' }) }),
    after: () => ending('exit 7'),
    how: () => stopFirst('spec.strategy.type is Recreate'),
    ...{ reason: 'Crashed', evidence: { exitCode: 7 } },
  },
  {
    title: 'is unhealthy by a command',
    ...{ before: () => good('one'), after: () => check({ exec: { command: ['false'] } }) },
    ...{ how: () => START_FIRST, reason: 'Unhealthy', evidence: { health: 'unhealthy' } },
  },
  {
    title: 'is unhealthy by http, with replicas',
    before: () => serving('one', { replicas: 2 }),
    after: () => check({ http: { port: 8080, path: '/none' } }),
    ...{ how: () => START_FIRST, reason: 'Unhealthy', client: viaContainers },
    evidence: { state: 'running', health: 'unhealthy' },
  },
  {
    title: 'is unhealthy by tcp',
    ...{ before: () => good('one'), after: () => check({ tcp: { port: 9 } }) },
    ...{ how: () => START_FIRST, reason: 'Unhealthy', evidence: { health: 'unhealthy' } },
  },
  {
    title: 'is not healthy in time',
    before: () => good('one', strategy({ progressDeadlineSeconds: 3 })),
    after: () => ({
      healthCheck: { exec: { command: ['false'] }, intervalSeconds: 1, startPeriodSeconds: 3600 },
    }),
    ...{ how: () => START_FIRST, reason: 'DeadlineExceeded', evidence: { health: 'starting' } },
  },
  {
    title: 'has a command that does not exist',
    ...{ before: () => good('one'), after: () => ({ command: ['no-such-program'] }) },
    ...{ how: () => START_FIRST, reason: 'StartFailed', evidence: { state: 'created' } },
  },
  {
    title: 'has a command that does not exist, and a port of the host',
    before: (port) => serving('one', onPort(port)),
    after: () => ({ command: ['no-such-program'] }),
    how: (port) => stopFirst(`both publish port ${port}/TCP of the host`),
    ...{ reason: 'StartFailed', evidence: { state: 'created' }, client: viaHost },
  },
];

describe.concurrent('what ran before runs again when the new one', () => {
  it.each(BAD)('$title', async ({ title, before, after, how, reason, evidence, client }) => {
    const [name, port] = [nameOf('bad'), await freePort()];
    const old = await modules.running(name, before(port));
    const [{ status, spec }, hits] = await asked(client?.(name, port), async () => {
      await modules.change(name, after(port));
      return modules.untilReason(name, 'RolledBack');
    });
    const [revision, isStartFirst] = [status.updatedRevision ?? '', how(port) === START_FIRST];
    expect(status).toMatchObject({
      ...{ phase: 'Degraded', currentRevision: old.revision, readyReplicas: spec.replicas },
      quarantined: [{ revision, reason }],
      rollout: { number: 2, state: 'RolledBack', reason },
    });
    expect(conditionOf({ status } as never, 'Stalled')?.reason).toBe('RolledBack');
    const containers = await modules.containers(name);
    expect(containers.map(({ id }) => id)).toEqual(old.containers.map(({ id }) => id));
    expect(containers.every(({ state }) => state === 'running')).toBe(true);
    if (isStartFirst) expect(containers).toEqual(old.containers);
    const [first, second, ...more] = await modules.receipts(name);
    expect(first).toMatchObject({ number: 1, to: old.revision, state: 'Complete' });
    expect(second).toMatchObject({
      ...{ number: 2, from: old.revision, to: revision, state: 'RolledBack', reason },
      ...{ evidence, ...how(port) },
    });
    expect(more).toEqual([]);
    await modules.untilEvents(name, 'RolloutRolledBack');
    judgeHits(title, hits, isStartFirst);
    if (hits) expect([...hits.answers.keys()]).toEqual(['one']);
  });
});
