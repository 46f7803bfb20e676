import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Module } from '../../src/model/module.js';
import { aSite } from '../helpers/daemon.js';
import { docker } from '../helpers/engine.js';
import { conditionOf, lifeOf, lifeOfModule, modulesOf, nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);

let daemon: Awaited<ReturnType<typeof site.start>>;
beforeAll(async () => {
  daemon = await site.start();
});

/** Runs a command in a container that runs. */
async function inside(id: string, script: string): Promise<void> {
  const container = docker().getContainer(id);
  const exec = await container.exec({ Cmd: ['sh', '-c', script], AttachStdout: true });
  const stream = await exec.start({});
  await finished(stream.resume());
  expect((await exec.inspect()).ExitCode).toBe(0);
}

const WAIT = 'trap "exit 0" TERM; while :; do sleep 1 & wait $!; done';

/** Does something every second until it is told to stand still; /tmp begins empty with each run. */
const every = (what: string): string[] => {
  const work = `n=0; while [ ! -f /tmp/still ]; do n=$((n+1)); ${what}; sleep 1; done`;
  return ['sh', '-c', `trap "exit 0" TERM; ${work}; ${WAIT}`];
};

const STAND_STILL = 'touch /tmp/still';
const withinSeconds = 5;

const WAYS: readonly { kind: string; spec: SpecInput; message: RegExp }[] = [
  {
    kind: 'log',
    spec: {
      command: every('echo epoch $n is done'),
      progressCheck: { logPattern: 'epoch \\d+', withinSeconds },
    },
    message: /^is stuck: no line of the log matched "epoch \\d\+" since 2\S+Z$/,
  },
  {
    kind: 'file',
    spec: {
      command: every('echo $n > /data/beat'),
      volumes: [{ name: 'state', mountPath: '/data' }],
      progressCheck: { file: '/data/beat', withinSeconds },
    },
    message: /^is stuck: file "\/data\/beat" was not written since 2\S+Z: it was written at 2/,
  },
  {
    kind: 'http',
    spec: {
      command: [
        ...['sh', '-c'],
        `httpd -p 8080 -h /tmp; ${every('echo "{\\"chain\\":{\\"height\\":$n}}" > /tmp/s')[2]}`,
      ],
      healthCheck: { http: { port: 8080, path: '/s' }, intervalSeconds: 1 },
      progressCheck: { http: { port: 8080, path: '/s', field: 'chain.height' }, withinSeconds },
    },
    message: /^is stuck: field "chain.height" of :8080\/s has not changed since 2\S+Z: it is \d+$/,
  },
];

const restartsOf = ({ status }: Module): number => status.restarts;

describe.concurrent('a module with a progress check', () => {
  it.each(WAYS)('by $kind is restarted when it stands still, and goes on', async (way) => {
    const name = nameOf(way.kind);
    await modules.create(name, way.spec);
    await modules.untilReady(name);
    const life = await lifeOfModule(site, name);
    await inside(life.id, STAND_STILL);
    await modules.until(name, 'it is restarted', (module) => restartsOf(module) === 1);
    const { status } = await modules.untilReady(name);
    expect(status.containers).toMatchObject([
      {
        id: life.id,
        failures: 1,
        lastExit: { reason: 'Stuck', message: expect.stringMatching(way.message) },
      },
    ]);
    await modules.untilEvents(name, 'Restarted');
    const described = await site.cli(['describe', 'module', name]);
    expect(described.stdout).toMatch(/Stuck \(\d+\), .* ago: is stuck: /);
  });

  it('that never moves is restarted later and later, and says when, while it runs on', async () => {
    const name = nameOf('still');
    await modules.create(name, {
      command: ['sh', '-c', WAIT],
      progressCheck: { logPattern: 'epoch', withinSeconds },
    });
    const { status } = await modules.until(
      name,
      'it is stuck for the third time',
      (module) => module.status.containers[0]?.failures === 3,
    );
    const [container] = status.containers;
    expect(container).toMatchObject({
      ...{ restarts: 2, state: 'running', health: 'unhealthy', ready: false },
      healthMessage: expect.stringMatching(/^it is stuck: no line of the log matched "epoch"/),
    });
    const {
      retryAt = '',
      unhealthySince = '',
      startedAt = '',
      previousStartedAt = '',
    } = container ?? {};
    expect(Date.parse(retryAt) - Date.parse(unhealthySince)).toBe(20_000);
    // Five seconds until it was stuck, and ten that it had to wait.
    expect(Date.parse(startedAt) - Date.parse(previousStartedAt)).toBeGreaterThan(15_000);
    expect(status.phase).toBe('Failed');
    const ready = conditionOf(await modules.get(name), 'Ready');
    expect(ready).toMatchObject({ reason: 'Stuck' });
    expect(ready?.message).toContain(`it is restarted at ${retryAt.slice(0, 19)}Z`);
    await modules.untilEvents(name, 'Stuck');
  });
});

describe('a module that moves', () => {
  it('is let run by a daemon that was killed and is back: nobody knows what was meanwhile', async () => {
    const [moves, still] = [nameOf('moves'), nameOf('still')];
    const progressCheck = { logPattern: 'epoch', withinSeconds };
    await modules.create(moves, { command: every('echo epoch $n'), progressCheck });
    await modules.untilReady(moves);
    const life = await lifeOfModule(site, moves);
    expect(await daemon.end('SIGKILL')).toBeNull();
    await site.start();
    await modules.create(still, { command: ['sh', '-c', WAIT], progressCheck });
    // By then the other one has been watched for as long.
    await modules.until(still, 'it is restarted', (module) => restartsOf(module) === 1);
    expect(await lifeOf(life.id)).toEqual(life);
    expect(restartsOf(await modules.get(moves))).toBe(0);
  });
});
