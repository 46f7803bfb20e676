import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { DEADLINES } from '../../src/docker/client.js';
import { dockerWorld, outside } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';

const CHECK = { intervalSeconds: 1, timeoutSeconds: 2, retries: 1, startPeriodSeconds: 0 };
const PATIENCE = { timeout: 20_000, interval: 100 };

const port = (hostPort: number) => ({
  ...{ name: 'p', containerPort: 80, hostPort, hostIp: '127.0.0.1', protocol: 'TCP' as const },
});

/** A port of the host that somebody listens on. */
async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('startContainer', () => {
  test('a command that does not exist is START_FAILED with the reason, and shows as 127', async () => {
    const world = await dockerWorld();
    const id = await world.make({ command: ['no-such-program'] });
    const message = await messageOf(world.runtime.start(id));
    expect(message).toBe(
      'Cannot start the container: exec: "no-such-program": executable file not found in $PATH',
    );
    expect(await codeOf(world.runtime.start(id))).toBe('START_FAILED');
    expect(await world.runtime.inspect(id)).toMatchObject({
      ...{ state: 'created', exitCode: 127, startedAt: undefined, restartCount: 0 },
    });
    expect((await world.runtime.inspect(id))?.error).toMatch(/no-such-program/);
  });

  test('a port that a process of the host has is PORT_CONFLICT, and names the port', async () => {
    const world = await dockerWorld();
    const hostPort = await takenPort();
    const id = await world.make({ ports: [port(hostPort)] });
    expect(await messageOf(world.runtime.start(id))).toBe(
      `Cannot start the container: port 127.0.0.1:${hostPort} is taken on the host; free it or choose another hostPort`,
    );
    expect(await world.runtime.inspect(id)).toMatchObject({ state: 'created', exitCode: 128 });
  });

  test('a port that another container has is PORT_CONFLICT; when that is gone, it starts', async () => {
    const world = await dockerWorld();
    const hostPort = await takenPort().then((taken) => taken + 1);
    const first = await world.run({ ports: [port(hostPort)] });
    const second = await world.make({ ports: [port(hostPort)] }, { slot: 1 });
    expect(await codeOf(world.runtime.start(second))).toBe('PORT_CONFLICT');
    await world.runtime.remove(first);
    await world.runtime.start(second);
    expect((await world.runtime.inspect(second))?.state).toBe('running');
  });

  test('a container that exits at once is restarted by the engine five times, then stays', async () => {
    const world = await dockerWorld();
    const id = await world.run({ command: ['sh', '-c', 'exit 3'] });
    await vi.waitFor(async () => {
      const seen = await world.runtime.inspect(id);
      expect(seen).toMatchObject({ state: 'exited', exitCode: 3, restartCount: 5 });
    }, PATIENCE);
    await world.runtime.start(id);
    expect((await world.runtime.inspect(id))?.restartCount).toBeLessThan(5);
  });

  test('a process that takes too much memory is seen as killed for that', async () => {
    const world = await dockerWorld();
    const id = await world.run({
      command: ['sh', '-c', 'x=x; while :; do x=$x$x; done'],
      resources: { memory: '8Mi', cpus: '1', pids: 32, gpus: [] },
    });
    await vi.waitFor(async () => {
      const seen = await world.runtime.inspect(id);
      expect(seen?.restartCount ?? 0).toBeGreaterThan(0);
      expect(seen?.oomKilled === true || seen?.state === 'restarting').toBe(true);
    }, PATIENCE);
  });
});

describe('a health check in the container', () => {
  test('turns healthy, and unhealthy when it begins to fail; the list says so too', async () => {
    const world = await dockerWorld();
    const healthCheck = { exec: { command: ['test', '!', '-e', '/tmp/sick'] }, ...CHECK };
    const command = ['sh', '-c', 'trap "touch /tmp/sick" USR1; while :; do sleep 0.1; done'];
    const id = await world.run({ command, healthCheck });
    const healthIs = (health: string): Promise<void> =>
      vi.waitFor(async () => {
        expect((await world.runtime.list())[0]?.health).toBe(health);
        expect((await world.runtime.inspect(id))?.health).toBe(health);
      }, PATIENCE);
    await healthIs('healthy');
    await world.engine.getContainer(id).kill({ signal: 'USR1' });
    await healthIs('unhealthy');
  });

  test('starts out as starting', async () => {
    const world = await dockerWorld();
    const healthCheck = { exec: { command: ['true'] }, ...CHECK, intervalSeconds: 300 };
    await world.run({ healthCheck });
    expect((await world.runtime.list())[0]?.health).toBe('starting');
  });
});

describe('stopContainer', () => {
  test('kills a process that ignores SIGTERM after the grace', async () => {
    const world = await dockerWorld();
    const id = await world.run({
      command: ['sh', '-c', 'trap "" TERM; while :; do sleep 1; done'],
    });
    await world.runtime.stop(id, 1);
    expect(await world.runtime.inspect(id)).toMatchObject({ state: 'exited', exitCode: 137 });
  });

  test('lets a process end by itself within the grace', async () => {
    const world = await dockerWorld();
    const command = ['sh', '-c', 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done'];
    const id = await world.run({ command });
    await vi.waitFor(async () => {
      const log = await world.engine.getContainer(id).logs({ stdout: true });
      expect(log.toString()).toContain('ready');
    }, PATIENCE);
    await world.runtime.stop(id, 30);
    expect(await world.runtime.inspect(id)).toMatchObject({ state: 'exited', exitCode: 7 });
  });

  test('waits for the grace before it gives the engine up', async () => {
    const proxy = await engineProxy();
    const deadlines = { ...DEADLINES, stopMarginMs: 500 };
    const world = await dockerWorld({ dockerHost: proxy.dockerHost, deadlines });
    const id = await world.run();
    proxy.pause();
    const message = await messageOf(world.runtime.stop(id, 1));
    expect(message).toMatch(/did not answer within 1\.5 s$/);
    await proxy.restore();
  });
});

test('what was stopped is left alone by an engine that comes up, until it is started again', async () => {
  const world = await dockerWorld();
  const id = await world.run({});
  const policy = async (): Promise<string | undefined> =>
    (await world.engine.getContainer(id).inspect()).HostConfig.RestartPolicy?.Name;
  expect(await policy()).toBe('on-failure');
  await world.runtime.stop(id, 5);
  expect(await policy()).toBe('no');
  await world.runtime.start(id);
  expect(await policy()).toBe('on-failure');
});

describe('removeContainer', () => {
  test('takes anonymous volumes along', async () => {
    const world = await dockerWorld();
    const made = await world.engine.createContainer({
      Image: 'registrar-sample/busybox:1',
      Labels: {
        ...Object.fromEntries(
          Object.entries({
            module: world.module,
            uid: 'u',
            revision: 'r',
            slot: '0',
            generation: '1',
          })
            .concat([
              ['instance', world.instance],
              ['spec-hash', 'h'],
            ])
            .map(([key, value]) => [`registrar.synapsis.network/${key}`, value]),
        ),
      },
      Volumes: { '/anonymous': {} },
    });
    const [mount] = (await made.inspect()).Mounts;
    await world.runtime.remove(made.id);
    const { Volumes } = await world.engine.listVolumes();
    expect(Volumes.map(({ Name }) => Name)).not.toContain(mount?.Name);
  });

  test('two removals at once both end, with success or CONTAINER_BUSY', async () => {
    const world = await dockerWorld();
    const id = await world.run();
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(world.runtime.remove(id))));
    expect(codes.every((code) => code === 'none' || code === 'CONTAINER_BUSY')).toBe(true);
    expect(codes).toContain('none');
    expect(await outside().exists(id)).toBe(false);
  });
});
