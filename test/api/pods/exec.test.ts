import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { TOKENS, tokenManifest } from '../access/test-tokens.js';
import type { TokenSpec } from '../../../src/kinds/token/schema.js';
import { RegistrarError } from '../../../src/model/errors.js';
import { MAX_COMMANDS } from '../../../src/api/pods/exec-handlers.js';
import type { AuditRecord } from '../../../src/model/audit.js';
import { auditOf } from '../../helpers/audit.js';
import { execPath, refusedExec, startExec } from './exec-client.js';
import { podWorld, PODS } from './pod-world.js';
import type { PodWorld } from './pod-world.js';

const exitCode = (code: number) => ({
  status: 'Failure',
  reason: 'NonZeroExitCode',
  details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
});

/** Makes a token; resolves to its secret. */
async function tokenIn(world: PodWorld, name: string, spec: Partial<TokenSpec>): Promise<string> {
  const response = await fetch(world.url + TOKENS, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(tokenManifest(name, spec)),
  });
  const { status } = (await response.json()) as { status: { token: string } };
  return status.token;
}

/** A world and the secret of somebody who may run commands. */
async function execWorld(): Promise<PodWorld & { secret: string }> {
  const world = await podWorld();
  const secret = await tokenIn(world, 'runner', { role: 'operator', exec: true });
  return { ...world, secret };
}

describe('a command in a pod', () => {
  it('tells what it writes, apart, and how it ended', async () => {
    const world = await execWorld();
    const command = ['sh', '-c', 'echo out; echo bad >&2; exit 3'];
    const client = await startExec(world, command, world);
    expect(client.socket.protocol).toBe('v5.channel.k8s.io');
    expect(await client.end()).toMatchObject({ status: exitCode(3), code: 1000 });
    expect([client.text(1), client.text(2)]).toEqual(['out\n', 'bad\n']);
  });

  it('is in the audit before it begins, without what it is', async () => {
    const world = await execWorld();
    let before: AuditRecord[] = [];
    world.runtime.engine.programs.set('look', async ({ write }) => {
      before = await auditOf(world.registry);
      await write('stdout', 'looked');
      return 0;
    });
    await (await startExec(world, ['look', 'hunter2'], world)).end();
    expect(before.at(-1)).toMatchObject({
      ...{ user: 'runner', verb: 'get', resource: 'pods/exec', namespace: 'default' },
      ...{ code: 101, reason: 'SwitchingProtocols' },
    });
    expect(JSON.stringify(before)).not.toContain('hunter2');
  });

  it('takes input and its end, byte by byte', async () => {
    const world = await execWorld();
    const client = await startExec(world, ['cat'], { ...world, query: { stdin: 'true' } });
    client.send(0, 'one\n');
    client.send(0, Buffer.from([0, 255]));
    client.send(255, Buffer.from([0]));
    expect(await client.end()).toMatchObject({ status: { metadata: {}, status: 'Success' } });
    expect(client.channels.get(1)?.length).toBeGreaterThan(0);
    expect(Buffer.concat(client.channels.get(1) ?? [])).toEqual(
      Buffer.from('one\n\u0000\u00ff', 'latin1'),
    );
  });

  it('speaks the older protocol too', async () => {
    const world = await execWorld();
    const protocols = ['other', 'v4.channel.k8s.io'];
    const client = await startExec(world, ['sh', '-c', 'echo x'], { ...world, protocols });
    expect(client.socket.protocol).toBe('v4.channel.k8s.io');
    await client.end();
    expect(client.text(1)).toBe('x\n');
  });

  it('hears only what it asked for', async () => {
    const world = await execWorld();
    const query = { stdout: 'false', stderr: 'true' };
    const client = await startExec(world, ['sh', '-c', 'echo a; echo b >&2'], { ...world, query });
    await client.end();
    expect([client.text(1), client.text(2)]).toEqual(['', 'b\n']);
  });

  it('has a terminal of the size that the client has', async () => {
    const world = await execWorld();
    world.runtime.engine.programs.set('size', async ({ tty, sizes, input, write }) => {
      await input[Symbol.asyncIterator]().next();
      await write('stderr', `${tty} ${JSON.stringify(sizes.at(-1))}`);
      return 0;
    });
    const query = { stdin: 'true', tty: 'true', stderr: 'false' };
    const client = await startExec(world, ['size'], { ...world, query });
    const sizes = ['{"Width":80,"Height":24}', 'no JSON', '[]', '{"Width":-1,"Height":"x"}'];
    for (const size of [...sizes, '{"Width":120,"Height":40}']) client.send(4, size);
    client.send(0, 'go');
    await client.end();
    expect(client.text(1)).toBe('true {"width":120,"height":40}');
  });

  it('says on the wire why the engine could not run it', async () => {
    const world = await execWorld();
    const paused = new RegistrarError('CONTAINER_NOT_RUNNING', 'It is paused');
    world.runtime.failNext('exec', paused);
    const client = await startExec(world, ['cat'], world);
    const { status } = await client.end();
    expect(status).toMatchObject({ status: 'Failure', reason: 'ContainerNotRunning', code: 409 });
  });

  it('ends when the client leaves', async () => {
    const world = await execWorld();
    const gone = vi.fn<() => void>();
    world.runtime.engine.programs.set('wait', async ({ signal }) => {
      await once(signal, 'abort');
      gone();
      return 0;
    });
    const client = await startExec(world, ['wait'], world);
    await vi.waitFor(() => expect(client.channels.has(1)).toBe(true), { timeout: 20_000 });
    client.socket.terminate();
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce(), { timeout: 20_000 });
  });

  it('waits for a client that does not read, and a client for a command that does not', async () => {
    const world = await execWorld();
    let written = 0;
    world.runtime.engine.programs.set('flood', async ({ write, signal }) => {
      for (; !signal.aborted; written += 1) await write('stdout', Buffer.alloc(64 * 1024));
      return 0;
    });
    const reader = await startExec(world, ['flood'], world);
    reader.socket.pause();
    let before = -1;
    await vi.waitFor(
      () => {
        const now = written;
        const isStill = now > 0 && now === before;
        before = now;
        expect(isStill).toBe(true);
      },
      { timeout: 20_000, interval: 300 },
    );
    expect(written).toBeLessThan(1000);

    world.runtime.engine.programs.set('deaf', async ({ signal }) => {
      await once(signal, 'abort');
      return 0;
    });
    const writer = await startExec(world, ['deaf'], { ...world, query: { stdin: '1' } });
    for (let count = 0; count < 400; count += 1) writer.send(0, Buffer.alloc(64 * 1024));
    await vi.waitFor(() => expect(writer.socket.bufferedAmount).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    const stuck = writer.socket.bufferedAmount;
    expect(stuck).toBeGreaterThan(10 * 1024 * 1024);
  });

  it('is cut off for a message that is too long', async () => {
    const world = await execWorld();
    const client = await startExec(world, ['cat'], { ...world, query: { stdin: '1' } });
    client.send(0, Buffer.alloc(2 * 1024 * 1024));
    expect((await client.end()).code).toBe(1009);
  });
});

describe('a command is refused', () => {
  it('without the permission, whatever the role', async () => {
    const world = await podWorld();
    const command = ['id'];
    const secrets = {
      admin: world.token,
      operator: await tokenIn(world, 'op', { role: 'operator' }),
      viewer: await tokenIn(world, 'look', { role: 'viewer' }),
      elsewhere: await tokenIn(world, 'else', { role: 'operator', exec: true, modules: ['db-*'] }),
    };
    for (const [who, secret] of Object.entries(secrets)) {
      const { code, message } = await refusedExec(world, command, { secret });
      expect([who, code]).toEqual([who, 403]);
      expect(message).toContain('cannot get resource "pods/exec"');
    }
    expect(await refusedExec(world, command, { secret: 'wrong' })).toMatchObject({ code: 401 });
    expect(world.runtime.count('exec')).toBe(0);
  });

  it('when it makes no sense', async () => {
    const world = await execWorld();
    const { secret } = world;
    const nothing = { stdout: 'false', stderr: '0' };
    const cases = [
      [404, ['id'], { secret, pod: 'web-9' }],
      [400, ['id'], { secret, query: { container: 'sidecar' } }],
      [400, ['id'], { secret, query: nothing }],
      [400, ['id'], { secret, protocols: ['v1.channel.k8s.io'] }],
      [400, ['id'], { secret, protocols: [] }],
      [400, [], { secret }],
      [400, ['a\0b'], { secret }],
      [400, Array.from({ length: 1001 }, () => 'x'), { secret }],
    ] as const;
    for (const [code, command, how] of cases) {
      expect(await refusedExec(world, command, how)).toMatchObject({ code });
    }
    expect(world.runtime.count('exec')).toBe(0);
  });

  it('without a WebSocket, and says what to use', async () => {
    const { url, secret } = await execWorld();
    const headers = { authorization: `Bearer ${secret}` };
    const ask = async (method: string, more = {}) => {
      const response = await fetch(url + execPath(['id'], {}), {
        method,
        headers: { ...headers, ...more },
      });
      return [response.status, ((await response.json()) as { message: string }).message];
    };
    expect(await ask('GET')).toEqual([400, 'Upgrade request required: use a WebSocket']);
    const old = 'Commands run over a WebSocket only: use kubectl 1.30 or newer';
    expect(await ask('POST')).toEqual([405, old]);
  });

  it('when too many run', async () => {
    const world = await execWorld();
    const how = { ...world, query: { stdin: 'true' } };
    const clients = await Promise.all(
      Array.from({ length: MAX_COMMANDS }, () => startExec(world, ['cat'], how)),
    );
    expect(await refusedExec(world, ['cat'], how)).toMatchObject({ code: 429 });
    clients[0]?.socket.terminate();
    await vi.waitFor(async () => (await startExec(world, ['cat'], how)).socket.terminate(), {
      timeout: 20_000,
    });
  });
});

describe('a command is ended', () => {
  it('when its token is revoked', async () => {
    const world = await execWorld();
    const client = await startExec(world, ['cat'], { ...world, query: { stdin: 'true' } });
    const ended = client.end();
    await fetch(`${world.url}${TOKENS}/runner`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${world.token}` },
    });
    const { status, code } = await ended;
    expect(code).toBe(1001);
    expect(status).toMatchObject({
      status: 'Failure',
      message: expect.stringContaining('revoked'),
    });
  });

  it('when the client does not take leave, too', async () => {
    const world = await execWorld();
    const gone = vi.fn<() => void>();
    world.runtime.engine.programs.set('flood', async ({ write, signal }) => {
      signal.addEventListener('abort', gone);
      while (!signal.aborted) await write('stdout', Buffer.alloc(64 * 1024));
      return 0;
    });
    const { socket } = await startExec(world, ['flood'], world);
    socket.pause();
    await fetch(`${world.url}${TOKENS}/runner`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${world.token}` },
    });
    await vi.waitFor(() => expect(gone).toHaveBeenCalled(), { timeout: 20_000 });
    socket.resume();
    if (socket.readyState !== WebSocket.CLOSED) await once(socket, 'close');
  });
});

it('other paths do not mind a wish for another protocol', async () => {
  const { url, token } = await podWorld();
  const headers = { authorization: `Bearer ${token}` };
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${PODS}`, { headers });
  socket.on('error', () => undefined);
  const [, { statusCode }] = (await once(socket, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ];
  expect(statusCode).toBe(200);
  socket.terminate();
});
