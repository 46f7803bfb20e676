import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { dockerWorld } from '../helpers/docker-world.js';
import type { DockerWorld } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';

async function ended(world: DockerWorld, script: string): Promise<string> {
  const id = await world.run({ command: ['sh', '-c', script] });
  await world.engine.getContainer(id).wait();
  return id;
}

describe('containerLogs', () => {
  test('gives output and errors as lines', async () => {
    const world = await dockerWorld();
    const id = await ended(world, 'echo one; echo zwei € >&2; printf last');
    const lines = (await text(await world.runtime.logs(id, { follow: false }))).split('\n');
    expect(lines.toSorted()).toEqual(['', 'last', 'one', 'zwei €']);
  });

  test('gives the last lines, and those since a time', async () => {
    const world = await dockerWorld();
    const id = await ended(world, 'for i in 1 2 3 4 5; do echo $i; done');
    expect(await text(await world.runtime.logs(id, { follow: false, tail: 2 }))).toBe('4\n5\n');
    expect(await text(await world.runtime.logs(id, { follow: false, tail: 0 }))).toBe('');
    const [past, future] = [Date.now() - 3_600_000, Date.now() + 3_600_000];
    const recent = await world.runtime.logs(id, { follow: false, sinceTime: past });
    expect(await text(recent)).toBe('1\n2\n3\n4\n5\n');
    const none = await world.runtime.logs(id, { follow: false, sinceTime: future });
    expect(await text(none)).toBe('');
  });

  test('puts the time before each line when asked', async () => {
    const world = await dockerWorld();
    const id = await ended(world, 'echo line');
    const log = await text(await world.runtime.logs(id, { follow: false, timestamps: true }));
    expect(log).toMatch(/^\d{4}-\d\d-\d\dT\S+Z line\n$/);
  });

  test("a line longer than the engine's own pieces is one line", async () => {
    const world = await dockerWorld();
    const id = await ended(
      world,
      'dd if=/dev/zero bs=1000 count=40 2>/dev/null | tr "\\0" x; echo',
    );
    const log = await text(await world.runtime.logs(id, { follow: false }));
    expect(log).toBe(`${'x'.repeat(40_000)}\n`);
    const stamped = await text(await world.runtime.logs(id, { follow: false, timestamps: true }));
    expect(stamped).toMatch(/^\S+Z x{40000}\n$/);
  });

  test('follows a container until it ends', async () => {
    const world = await dockerWorld();
    const id = await world.run({
      command: [
        'sh',
        '-c',
        'trap "echo bye; exit 0" TERM; echo hello; while :; do sleep 0.1; done',
      ],
    });
    const log = await world.runtime.logs(id, { follow: true });
    let seen = '';
    log.setEncoding('utf8').on('data', (chunk: string) => (seen += chunk));
    await vi.waitFor(() => expect(seen).toBe('hello\n'), { timeout: 20_000 });
    await world.runtime.stop(id, 10);
    if (!log.readableEnded) await once(log, 'end');
    expect(seen).toBe('hello\nbye\n');
  });

  test('follows a container that has said nothing yet, and destroying it ends the request', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld({ dockerHost: proxy.dockerHost });
    const id = await world.run();
    const before = proxy.connections;
    const log = await world.runtime.logs(id, { follow: true });
    expect(proxy.connections).toBe(before + 1);
    log.destroy();
    await vi.waitFor(() => expect(proxy.connections).toBe(before), { timeout: 20_000 });
  });

  test('an engine that goes away ends it with an error of ours', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld({ dockerHost: proxy.dockerHost });
    const id = await world.run();
    const log = await world.runtime.logs(id, { follow: true });
    const failure = once(log, 'error');
    await proxy.cut();
    expect(await failure).toMatchObject([{ code: 'ENGINE_UNAVAILABLE' }]);
    await proxy.restore();
  });
});
