import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createConnection, createServer as createRawServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BODY_LIMIT } from '../../../src/model/body-limit.js';
import { aPair } from '../../helpers/certificates.js';
import { MODULES, openTestApi, TOKEN } from '../test-api.js';
import { get, shortDirectory, startTestServer } from '../test-server.js';

/** Everything that comes back for bytes sent on a TCP connection. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = createConnection(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(bytes);
  return text(socket);
}

/** The Status in an answer that was read raw. */
const statusIn = (answer: string): { kind: string; code: number; message: string } =>
  JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));

describe('listen()', () => {
  it('serves the same on the port and on the socket', async () => {
    const listening = await startTestServer(await openTestApi());
    const { socketPath = '' } = listening;
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    const overTcp = await text(await get(listening, '/version'));
    const overUnix = await new Promise((resolve, reject) => {
      request({ socketPath, path: '/version' }, (response) => resolve(text(response)))
        .on('error', reject)
        .end();
    });
    expect(overUnix).toBe(overTcp);
  });

  it('gives port and socket back when it is closed', async () => {
    const listening = await startTestServer(await openTestApi());
    const { port, socketPath = '' } = listening;
    await listening.close();
    expect(existsSync(socketPath)).toBe(false);
    const socket = createConnection(port, '127.0.0.1');
    const [error] = await once(socket, 'error');
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('closes with connections that are kept alive', async () => {
    const listening = await startTestServer(await openTestApi());
    const socket = createConnection(listening.port, '127.0.0.1');
    socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    const ended = once(socket, 'close');
    await listening.close();
    await ended;
  });

  it.each([
    ['0.0.0.0', 'leave out --http, or listen there'],
    ['::', 'leave out --http, or listen there'],
    ['10.0.0.1', 'leave out --http, or listen there'],
    ['example.org', 'write an IP address of this machine'],
    ['', 'write an IP address of this machine'],
  ])('refuses the host "%s" without TLS', async (host, remedy) => {
    const api = await openTestApi();
    await expect(startTestServer(api, { host })).rejects.toMatchObject({
      code: 'ADDRESS_UNUSABLE',
      message: expect.stringContaining(remedy),
    });
  });

  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['::', '::'],
    ['localhost', '127.0.0.1'],
  ])('takes the host "%s" with TLS', async (host, address) => {
    const certificates = { current: await aPair(), follow: () => () => undefined };
    const listening = await startTestServer(await openTestApi(), { host, certificates });
    expect(listening).toMatchObject({ scheme: 'https', host: address });
  });

  it('says when the address is not one of this machine', async () => {
    const certificates = { current: await aPair(), follow: () => () => undefined };
    const started = startTestServer(await openTestApi(), { host: '192.0.2.1', certificates });
    await expect(started).rejects.toMatchObject({
      code: 'ADDRESS_UNUSABLE',
      message:
        'Cannot listen on 192.0.2.1:0: this machine has no such address; choose another with --host',
    });
  });

  it.each(['127.0.0.1', '127.0.0.2', 'localhost'])('takes the host "%s"', async (host) => {
    const { port } = await startTestServer(await openTestApi(), { host });
    expect(port).toBeGreaterThan(0);
  });

  it('says when the port is taken, and leaves no socket behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const socketPath = join(shortDirectory(), 'api.sock');
    const started = startTestServer(await openTestApi(), { port, socketPath });
    await expect(started).rejects.toMatchObject({
      code: 'ADDRESS_UNUSABLE',
      message: expect.stringContaining('the port is in use; choose another with --port'),
    });
    expect(existsSync(socketPath)).toBe(false);
  });

  it('replaces the socket of a process that is gone', async () => {
    const socketPath = join(shortDirectory(), 'api.sock');
    const gone = createRawServer().listen(socketPath);
    await once(gone, 'listening');
    // Closing removes the file; a process that is killed leaves it.
    const { link, rename } = await import('node:fs/promises');
    await link(socketPath, `${socketPath}.left`);
    gone.close();
    await once(gone, 'close');
    await rename(`${socketPath}.left`, socketPath);
    const listening = await startTestServer(await openTestApi(), { socketPath });
    expect(listening.socketPath).toBe(socketPath);
  });

  it('leaves a socket alone on which somebody answers, and a file that is none', async () => {
    const first = await startTestServer(await openTestApi());
    const { socketPath = '' } = first;
    const second = startTestServer(await openTestApi(), { socketPath });
    await expect(second).rejects.toMatchObject({
      code: 'ADDRESS_UNUSABLE',
      message: expect.stringContaining('used by another process'),
    });
    expect(existsSync(socketPath)).toBe(true);
    const file = join(shortDirectory(), 'api.sock');
    writeFileSync(file, 'precious');
    const third = startTestServer(await openTestApi(), { socketPath: file });
    await expect(third).rejects.toMatchObject({
      code: 'ADDRESS_UNUSABLE',
      message: expect.stringContaining('is not a socket'),
    });
    expect(existsSync(file)).toBe(true);
  });

  it('does without a socket whose path is too long, and says so', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
    const socketPath = join(shortDirectory(), 'x'.repeat(100));
    const listening = await startTestServer(await openTestApi(), { socketPath, log });
    expect(listening.socketPath).toBeUndefined();
    expect(lines.join('')).toContain('No unix socket: its path is too long');
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['a method that does not exist', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['a head that is too large', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a path with a NUL', 'GET /a\0b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
  ])('is answered with a Status: %s', async (_what, bytes, code) => {
    const { port } = await startTestServer(await openTestApi());
    const answer = await exchange(port, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${code} `));
    expect(statusIn(answer)).toMatchObject({ kind: 'Status', code });
  });

  it('is given up when it takes too long, and a watch is not', async () => {
    const api = await openTestApi();
    const listening = await startTestServer(api, { requestTimeoutMs: 300 });
    const watch = await get(listening, `${MODULES}?watch=true&timeoutSeconds=3`);
    const head = `POST ${MODULES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    const slow = Array.from({ length: 20 }, () =>
      exchange(listening.port, `${head}Content-Length: 500\r\n\r\n{"api`),
    );
    for (const answer of await Promise.all(slow)) {
      expect(answer).toMatch(/^HTTP\/1.1 408 /);
      expect(statusIn(answer)).toMatchObject({ kind: 'Status', code: 408 });
    }
    const headOnly = await exchange(listening.port, head);
    expect(headOnly).toMatch(/^HTTP\/1.1 408 /);
    await text(watch);
    expect(watch.complete).toBe(true);
  });

  it('is refused when its body is larger than 3 MiB, announced or not', async () => {
    const { port } = await startTestServer(await openTestApi());
    const head = `POST ${MODULES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
    const announced = await exchange(port, `${head}Content-Length: ${BODY_LIMIT + 1}\r\n\r\n`);
    expect(statusIn(announced)).toMatchObject({
      code: 413,
      message: `Request entity too large: limit is ${BODY_LIMIT}`,
    });
    const size = BODY_LIMIT + 1;
    const chunk = `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`;
    const chunked = await exchange(port, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk}`);
    expect(chunked).toMatch(/^HTTP\/1.1 413 /);
  });
});
