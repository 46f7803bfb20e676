import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aPair } from '../../helpers/certificates.js';
import { aModule, MODULES, openTestApi, TOKEN } from '../test-api.js';
import { startTestServer } from '../test-server.js';

const BODY = JSON.stringify(aModule('web'));

/** A request that would rather go on in HTTP/2, as some libraries send all of theirs. */
const creation = (connection: string): string =>
  [
    `POST ${MODULES} HTTP/1.1`,
    ...['Host: x', `Authorization: Bearer ${TOKEN}`, 'Content-Type: application/json'],
    ...[`Connection: ${connection}`, 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA'],
    ...[`Content-Length: ${BODY.length}`, '', BODY],
  ].join('\r\n');

const CLOSING = 'GET /version HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** Sends two requests in small pieces on one connection; resolves to the answers. */
async function exchange(socket: Socket): Promise<string> {
  onTestFinished(() => void socket.destroy());
  const bytes = Buffer.from(creation('Upgrade, HTTP2-Settings') + CLOSING);
  for (let at = 0; at < bytes.length; at += 100) {
    socket.write(bytes.subarray(at, at + 100));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return text(socket);
}

const codesIn = (answers: string): string[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, code = '']) => code);

describe('a request for another protocol than WebSocket', () => {
  it('is answered as if it had not asked, body included, and the connection goes on', async () => {
    const api = await openTestApi();
    const { port } = await startTestServer(api);
    const answers = await exchange(createConnection(port, '127.0.0.1'));
    expect(codesIn(answers)).toEqual(['201', '200']);
    expect(api.registry.get('Module', 'web')).toBeDefined();
  });

  it('is so on the unix socket, whose clients stay who they are', async () => {
    const api = await openTestApi();
    const { socketPath = '' } = await startTestServer(api);
    const socket = createConnection(socketPath);
    socket.write(creation('Upgrade').replace(/Authorization: .*\r\n/, ''));
    socket.write(CLOSING);
    expect(codesIn(await text(socket))).toEqual(['201', '200']);
  });

  it('is so over TLS', async () => {
    const current = await aPair();
    const certificates = { current, follow: () => () => undefined };
    const { port } = await startTestServer(await openTestApi(), { certificates });
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
    expect(codesIn(await exchange(socket))).toEqual(['201', '200']);
  });
});

describe('a request for a WebSocket', () => {
  const ask = (path: string, token: string): string =>
    [
      `GET ${path} HTTP/1.1`,
      ...['Host: x', `Authorization: Bearer ${token}`, 'Connection: Upgrade'],
      ...['Upgrade: WebSocket', 'Sec-WebSocket-Version: 13', '', ''],
    ].join('\r\n');

  it('meets the checks of any request, and is answered where nothing speaks that', async () => {
    const { port } = await startTestServer(await openTestApi());
    const answer = async (path: string, token: string) => {
      const socket = createConnection(port, '127.0.0.1');
      socket.write(ask(path, token));
      return text(socket);
    };
    expect(codesIn(await answer('/version', TOKEN))).toEqual(['200']);
    expect(codesIn(await answer(MODULES, TOKEN))).toEqual(['200']);
    expect(codesIn(await answer(MODULES, 'wrong'))).toEqual(['401']);
    expect(codesIn(await answer('/nowhere', TOKEN))).toEqual(['404']);
    expect(codesIn(await answer('/api/v1/namespaces/default/pods/x/exec', TOKEN))).toEqual(['403']);
  });
});
