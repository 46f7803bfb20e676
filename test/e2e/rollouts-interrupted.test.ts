import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bystanders } from '../helpers/bystanders.js';
import type { Bystanders } from '../helpers/bystanders.js';
import { aSite } from '../helpers/daemon.js';
import type { DaemonProcess } from '../helpers/daemon.js';
import { EngineProxy } from '../helpers/engine-proxy.js';
import { freePort } from '../helpers/free-port.js';
import { ending, nameOf } from '../helpers/live-modules.js';
import type { SpecInput } from '../helpers/live-modules.js';
import { rolloutsOf } from '../helpers/rollouts.js';
import type { Seen } from '../helpers/rollouts.js';

const site = aSite({ atEnd: afterAll });
const modules = rolloutsOf(site);
const proxy = new EngineProxy();
let daemon: DaemonProcess;
let others: Bystanders;

const startDaemon = async (): Promise<void> => {
  daemon = await site.start(['--docker-host', proxy.dockerHost]);
};

beforeAll(async () => {
  await proxy.listen();
  await startDaemon();
  others = await bystanders(site, modules);
});
afterAll(async () => {
  expect(await others.look()).toEqual(others.unharmed);
  await others.remove();
  await proxy.close();
});

const word = (value: string, more: SpecInput = {}): SpecInput => ({
  env: [{ name: 'WORD', value }],
  ...more,
});
const good = word('two');
const crashing = ending('exit 3');
const onPort = (port: number): SpecInput => ({
  ports: [{ name: 'web', containerPort: 8080, hostPort: port }],
});

const CREATE = /^POST \S*\/containers\/create/;
const START = /^POST \S*\/containers\/\w+\/start/;
const REMOVE = /^DELETE \S*\/containers\/\w+\?/;

interface Row {
  readonly title: string;
  readonly request: RegExp;
  readonly keep: 'request' | 'answer';
  readonly asked: SpecInput;
  readonly isOnPort?: true;
}

const ROWS: readonly Row[] = [
  {
    title: 'before the new container is made',
    ...{ request: CREATE, keep: 'request', asked: good },
  },
  { title: 'when it is made', ...{ request: CREATE, keep: 'answer', asked: good } },
  {
    title: 'between the stop of the old one and the start of the new one',
    ...{ request: START, keep: 'request', asked: good, isOnPort: true },
  },
  {
    title: 'before the old container is removed',
    ...{ request: REMOVE, keep: 'request', asked: good },
  },
  {
    title: 'when it has begun to go back',
    ...{ request: REMOVE, keep: 'request', asked: crashing },
  },
  {
    title: 'when the failed one is removed, and the old one not started yet',
    ...{ request: REMOVE, keep: 'answer', asked: crashing, isOnPort: true },
  },
];

/** The module must have come to the end that its rollout has when nothing comes between. */
async function endsAsItWould(
  name: string,
  asked: SpecInput,
  old: { revision: string; containers: Seen[] },
): Promise<void> {
  const failed = asked === crashing;
  const { status } = failed
    ? await modules.untilReason(name, 'RolledBack')
    : await modules.untilReady(name);
  const { updatedRevision: next } = status;
  const state = failed ? 'RolledBack' : 'Complete';
  expect(next).not.toBe(old.revision);
  expect(status).toMatchObject({
    phase: failed ? 'Degraded' : 'Running',
    currentRevision: failed ? old.revision : next,
    rollout: { state },
  });
  const quarantined = status.quarantined?.map(({ revision }) => revision);
  expect(quarantined).toEqual(failed ? [next] : undefined);
  const containers = await modules.containers(name);
  expect(containers).toMatchObject([{ state: 'running', revision: status.currentRevision }]);
  expect(containers[0]?.id === old.containers[0]?.id).toBe(failed);
  // The daemon that comes back goes on with the rollout that it finds.
  const states = (await modules.receipts(name)).map((receipt) => receipt.state);
  expect(states).toEqual(['Complete', state]);
}

describe('a rollout ends as it would have', () => {
  it.each(ROWS)('when the daemon is killed $title', async ({ request, keep, asked, isOnPort }) => {
    const name = nameOf('killed');
    const ports = isOnPort ? onPort(await freePort()) : {};
    const old = await modules.running(name, word('one', ports));
    const reached = proxy.holdNext(request, keep);
    await modules.change(name, asked);
    await reached;
    expect(await daemon.end('SIGKILL')).toBeNull();
    await startDaemon();
    await endsAsItWould(name, asked, old);
  });

  it.each([
    { title: 'well', asked: good },
    { title: 'badly', asked: crashing },
  ])('($title) when the engine goes away between stop and start', async ({ asked }) => {
    const name = nameOf('away');
    const old = await modules.running(name, word('one', onPort(await freePort())));
    const reached = proxy.holdNext(START, 'request');
    await modules.change(name, asked);
    await reached;
    await proxy.cut();
    await modules.until(name, 'it is Unknown', ({ status }) => status.phase === 'Unknown');
    await proxy.restore();
    await endsAsItWould(name, asked, old);
  });
});
