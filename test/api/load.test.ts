import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MAX_IN_FLIGHT, MAX_STREAMS, MAX_STREAMS_OF_ONE } from '../../src/api/load.js';
import { bearer, makeToken } from './access/test-tokens.js';
import { FakeClock } from '../helpers/fake-clock.js';
import { aModule, MODULES, openTestApi, TOKEN } from './test-api.js';
import { get, openWatch, startTestServer } from './test-server.js';

async function send(port: number, bytes: string): Promise<Socket> {
  const socket = createConnection(port, '127.0.0.1');
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

const head = (line: string): string =>
  `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;

describe('requests of clients that leave', () => {
  it('do not count while they wait for a body that never comes', async () => {
    const api = await openTestApi();
    const { port } = await startTestServer(api);
    for (let count = 0; count <= MAX_IN_FLIGHT; count += 1) {
      const socket = await send(port, `${head(`POST ${MODULES}`)}Content-Length: 9\r\n\r\n{`);
      socket.resetAndDestroy();
    }
    await expect.poll(async () => (await api.call('GET', MODULES)).code).toBe(200);
  });

  it('do not count once they are answered', async () => {
    const waiting: (() => void)[] = [];
    const metrics = (): Promise<string> =>
      new Promise((resolve) => waiting.push(() => resolve('done')));
    const api = await openTestApi({ metrics });
    const { port } = await startTestServer(api);
    for (let round = 0; round < 2; round += 1) {
      const sockets = await Promise.all(
        Array.from({ length: 300 }, () => send(port, `${head('GET /metrics')}\r\n`)),
      );
      await expect.poll(() => waiting.length).toBe(300);
      for (const socket of sockets) socket.resetAndDestroy();
      for (const finish of waiting.splice(0)) finish();
    }
    expect((await api.call('GET', MODULES)).code).toBe(200);
  });
});

describe('watches', () => {
  it('are let go when their clients leave, at whatever moment', async () => {
    const clock = new FakeClock();
    const api = await openTestApi({ clock });
    await api.call('POST', MODULES, { body: aModule('demo') });
    const { port } = await startTestServer(api);
    for (let count = 0; count < 100; count += 1) {
      const socket = await send(port, `${head(`GET ${MODULES}?watch=true`)}\r\n`);
      if (count % 3 === 0) await once(socket, 'data');
      socket.resetAndDestroy();
      await api.call('POST', MODULES, { body: aModule(`demo-${count}`) });
    }
    await expect.poll(() => clock.waiting).toEqual([]);
  });

  it('of one identity are so many at most, of all some more, and leave room for requests', async () => {
    const api = await openTestApi();
    const listening = await startTestServer(api);
    const url = `${MODULES}?watch=true&sendInitialEvents=false`;
    const other = bearer(await makeToken(api, 'other'));
    const responses = [];
    for (let count = 0; count < MAX_STREAMS_OF_ONE; count += 1) {
      responses.push(await get(listening, url));
    }
    const { code, body } = await api.call('GET', url);
    expect([code, body.reason]).toEqual([429, 'TooManyRequests']);
    for (let count = MAX_STREAMS_OF_ONE; count < MAX_STREAMS; count += 1) {
      expect((await get(listening, url, other)).statusCode).toBe(200);
    }
    expect((await get(listening, url, other)).statusCode).toBe(429);
    expect((await api.call('GET', MODULES)).code).toBe(200);
    responses.pop()?.destroy();
    await expect
      .poll(async () => (await get(listening, url)).statusCode, { timeout: 10_000 })
      .toBe(200);
    expect((await openWatch(listening, `${url}&timeoutSeconds=1`)).response.statusCode).toBe(429);
  });
});
