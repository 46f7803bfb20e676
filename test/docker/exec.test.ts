import { describe, expect, test, vi } from 'vitest';
import type { ExecSession, Output } from '../../src/docker/runtime.js';
import { codeOf } from '../helpers/code-of.js';
import { dockerWorld } from '../helpers/docker-world.js';
import { engineProxy } from '../helpers/engine-proxy.js';

async function textOf({ output }: ExecSession): Promise<string> {
  let text = '';
  for await (const { bytes } of output) text += bytes.toString();
  return text;
}

describe('execIn', () => {
  test('runs as the user of the container, with no more rights than it has', async () => {
    const world = await dockerWorld();
    const id = await world.run();
    const command = ['sh', '-c', 'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status'];
    const session = await world.runtime.exec(id, { command, stdin: false, tty: false });
    expect(await textOf(session)).toMatch(/^65532\nCapEff:\t0+\nNoNewPrivs:\t1\n$/);
    const { ExecIDs } = await world.engine.getContainer(id).inspect();
    expect(ExecIDs ?? []).toEqual([]);
  });

  test('a terminal has the size that it was given', async () => {
    const world = await dockerWorld();
    const id = await world.run();
    const script = 'read x; busybox stty size; read y; busybox stty size';
    const command = ['sh', '-c', script];
    const session = await world.runtime.exec(id, { command, stdin: true, tty: true });
    await session.resize({ width: 120, height: 40 });
    session.input.write('\n');
    const seen: Output[] = [];
    for await (const piece of session.output) {
      seen.push(piece);
      const text = Buffer.concat(seen.map(({ bytes }) => bytes)).toString();
      if (!text.endsWith('40 120\r\n')) continue;
      await session.resize({ width: Number.NaN, height: -1 });
      await session.resize({ width: 77, height: 1e9 });
      await session.resize({ width: 80.9, height: 25 });
      session.input.write('\n');
    }
    const text = Buffer.concat(seen.map(({ bytes }) => bytes)).toString();
    expect(text.replaceAll('\r', '').split('\n').filter(Boolean)).toEqual(['40 120', '25 80']);
    expect(await session.exitCode()).toBe(0);
  });

  test('a command waits for a slow reader, and for a slow writer', async () => {
    const world = await dockerWorld();
    const id = await world.run();
    const megabytes = 24;
    const command = ['sh', '-c', `head -c ${megabytes}000000 /dev/zero; echo done >&2; wc -c`];
    const session = await world.runtime.exec(id, { command, stdin: true, tty: false });
    let size = 0;
    let text = '';
    let isSent = false;
    for await (const { source, bytes } of session.output) {
      if (source === 'stdout' && size < megabytes * 1e6) size += bytes.length;
      else text += bytes.toString();
      if (text === 'done\n' && !isSent) {
        isSent = true;
        for (let sent = 0; sent < 50; sent += 1) session.input.write(Buffer.alloc(100_000));
        session.input.end();
      }
    }
    expect([size, text]).toEqual([megabytes * 1e6, 'done\n5000000\n']);
  });

  test('letting go ends the connection, and a command that reads', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld({ dockerHost: proxy.dockerHost });
    const id = await world.run();
    const before = proxy.connections;
    const session = await world.runtime.exec(id, { command: ['cat'], stdin: true, tty: false });
    const count = async () => (await world.engine.getContainer(id).top()).Processes.length;
    await vi.waitFor(async () => expect(await count()).toBe(2), { timeout: 20_000 });
    session.close();
    await vi.waitFor(() => expect(proxy.connections).toBe(before), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await count()).toBe(1), { timeout: 20_000 });
  });

  test('when the engine goes away the output ends, and how it ended is not known', async () => {
    const proxy = await engineProxy();
    const world = await dockerWorld({ dockerHost: proxy.dockerHost });
    const id = await world.run();
    const session = await world.runtime.exec(id, { command: ['cat'], stdin: true, tty: false });
    const text = textOf(session);
    await proxy.cut();
    expect(await text).toBe('');
    expect(await codeOf(session.exitCode())).toBe('ENGINE_UNAVAILABLE');
    await proxy.restore();
  });
});
