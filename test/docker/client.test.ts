import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { DEADLINES, EngineClient } from '../../src/docker/client.js';
import { createDockerRuntime } from '../../src/docker/docker-runtime.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { engineProxy } from '../helpers/engine-proxy.js';
import { dockerHost } from '../helpers/engine.js';
import { VERSION as VERSIONS, fakeEngine, json } from '../helpers/fake-engine.js';

const SHORT = { ...DEADLINES, pingMs: 300, readMs: 300, changeMs: 300, stopMarginMs: 300 };
const LIST = { method: 'GET', path: '/containers/json', doing: 'list containers' } as const;

describe('EngineClient', () => {
  test('a hung engine is ENGINE_TIMEOUT at the deadline, and works again when it goes on', async () => {
    const proxy = await engineProxy();
    const client = new EngineClient(proxy.dockerHost, { ...SHORT, readMs: 5_000 });
    await client.call(LIST);
    proxy.pause();
    const message = await messageOf(client.call(LIST, 300));
    expect(message).toBe('Cannot list containers: the Docker Engine did not answer within 0.3 s');
    expect(await codeOf(client.ping())).toBe('ENGINE_TIMEOUT');
    await proxy.restore();
    expect(await client.call(LIST)).toBeInstanceOf(Array);
  });

  test('an engine that hangs from the first call on is tried anew, not remembered as gone', async () => {
    const proxy = await engineProxy();
    const client = new EngineClient(proxy.dockerHost, { ...SHORT, pingMs: 1_000 });
    proxy.pause();
    expect(await codeOf(client.call(LIST))).toBe('ENGINE_TIMEOUT');
    await proxy.restore();
    expect(await client.version()).toMatch(/^1\.\d+$/);
  });

  test('a broken connection is ENGINE_UNAVAILABLE; then the version is negotiated anew', async () => {
    const proxy = await engineProxy();
    const client = new EngineClient(proxy.dockerHost);
    await client.call(LIST);
    await proxy.cut();
    expect(await codeOf(client.call(LIST))).toBe('ENGINE_UNAVAILABLE');
    await proxy.restore();
    await client.call(LIST);
    const asked = proxy.requests.filter((line) => line.startsWith('GET /version'));
    expect(asked).toHaveLength(2);
  });

  test('an engine that was replaced without a broken connection is spoken to in its version', async () => {
    let ApiVersion = '1.41';
    const host = await fakeEngine((line, { url }, response) => {
      if (line === 'GET /version') return json(response, { ApiVersion, MinAPIVersion: ApiVersion });
      if (url?.startsWith(`/v${ApiVersion}/`)) return json(response, []);
      json(response, { message: 'client version 1.41 is too old' }, 400);
    });
    const client = new EngineClient(host);
    expect(await client.call(LIST)).toEqual([]);
    ApiVersion = '1.44';
    expect(await codeOf(client.call(LIST))).toBe('ENGINE_ERROR');
    expect(await client.call(LIST)).toEqual([]);
  });

  test('many changes that take long do not hold up a look at the engine', async () => {
    const host = await fakeEngine((line, { method }, response) => {
      if (method === 'GET') json(response, line === 'GET /version' ? VERSIONS : []);
    });
    const client = new EngineClient(host, { ...SHORT, changeMs: 2_000, readMs: 1_000 });
    const stop = { method: 'POST', path: '/containers/a/stop', doing: 'stop' } as const;
    const stops = Array.from({ length: 100 }, () => codeOf(client.call(stop)));
    await client.version();
    expect(await client.call(LIST)).toEqual([]);
    expect(await client.ping()).toEqual(VERSIONS);
    expect(new Set(await Promise.all(stops))).toEqual(new Set(['ENGINE_TIMEOUT']));
  });

  test('many calls at once are all answered', async () => {
    const client = new EngineClient(dockerHost());
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.call(LIST)));
    expect(answers.every(Array.isArray)).toBe(true);
  });

  test('a socket that is not there says what to do', async () => {
    const client = new EngineClient('unix:///nonexistent/docker.sock');
    expect(await messageOf(client.call(LIST))).toMatch(/no such socket; start the engine or set/);
    expect(await codeOf(client.ping())).toBe('ENGINE_UNAVAILABLE');
  });

  test.each([
    'ssh://host',
    'docker.sock',
    'unix://relative',
    'tcp://host',
    'https://host:2376',
    '',
  ])('host "%s" is INVALID', (host) => {
    expect(() => new EngineClient(host)).toThrow(expect.objectContaining({ code: 'INVALID' }));
  });

  test('the host that was given counts, not the one in the environment', async () => {
    const host = dockerHost();
    vi.stubEnv('DOCKER_HOST', 'tcp://127.0.0.1:1');
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await new EngineClient(host).version()).toMatch(/^1\.\d+$/);
  });
});

/** Whatever is asked, answers with these bytes. */
async function impostor(answer: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-impostor-'));
  const path = join(folder, 'docker.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => socket.write(answer));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return `unix://${path}`;
}

const reply = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const VERSION = '"ApiVersion":"1.41","MinAPIVersion":"1.12"';

describe('what listens and is no engine', () => {
  test.each([
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['has another answer', reply('<html>')],
    ['has no version', reply('{}')],
    ['answers null', reply('null')],
    ['stops half-way', reply(`{${VERSION}}`).slice(0, -5)],
  ])('%s: an error of ours, never a crash', async (_what, answer) => {
    const runtime = createDockerRuntime({
      ...{ dockerHost: await impostor(answer), instanceId: 'instance', deadlines: SHORT },
    });
    expect(await codeOf(runtime.list())).toMatch(/^ENGINE_(UNAVAILABLE|TIMEOUT)$/);
  });

  test.each(['[]', '{}', 'null', '"text"', '[null, 1, {"Id": 3}]'])(
    'an engine that answers %s to everything breaks nothing',
    async (extra) => {
      const body = extra === '{}' ? `{${VERSION}}` : extra;
      const host = await impostor(reply(body));
      const options = { dockerHost: host, instanceId: 'instance', deadlines: SHORT };
      const runtime = createDockerRuntime(options);
      const id = 'a'.repeat(64);
      const codes = await Promise.all(
        [
          runtime.list(),
          runtime.inspect(id),
          runtime.start(id),
          runtime.info(),
          runtime.tidy(),
        ].map(codeOf),
      );
      expect(codes.every((code) => /^(none|CONTAINER_GONE|ENGINE_UNAVAILABLE)$/.test(code))).toBe(
        true,
      );
    },
  );
});
