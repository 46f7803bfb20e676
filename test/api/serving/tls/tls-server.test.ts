import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Listening, ListenSettings } from '../../../../src/api/serving/listen.js';
import type {
  CertificateSource,
  CertifiedKey,
} from '../../../../src/api/serving/tls/certified-key.js';
import { aPair, anAuthority } from '../../../helpers/certificates.js';
import type { Pair } from '../../../helpers/certificates.js';
import { MODULES, openTestApi, TOKEN } from '../../test-api.js';
import { startTestServer } from '../../test-server.js';

const GET = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

interface TlsApi {
  readonly listening: Listening;
  /** PEM of the authority. */
  readonly ca: string;
  /** Lets the server go on with another certificate of the same authority. */
  renew(): Promise<Pair>;
}

async function startTlsApi(settings: Partial<ListenSettings> = {}): Promise<TlsApi> {
  const authority = await anAuthority();
  let use: ((next: CertifiedKey) => void) | undefined;
  const certificates: CertificateSource = {
    current: await aPair({ authority }),
    follow: (callback) => {
      use = callback;
      return () => (use = undefined);
    },
  };
  const listening = await startTestServer(await openTestApi(), { certificates, ...settings });
  const renew = async (): Promise<Pair> => {
    const pair = await aPair({ authority });
    use?.(pair);
    return pair;
  };
  return { listening, ca: authority.certificate.toString(), renew };
}

/** A connection of which the handshake is done. */
async function secured({ listening, ca }: TlsApi, options: object = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: listening.port, ca, ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

function connected({ listening }: TlsApi): Socket {
  const socket = createConnection(listening.port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function isAlive(api: TlsApi): Promise<boolean> {
  const socket = await secured(api);
  socket.write(GET);
  return (await text(socket)).startsWith('HTTP/1.1 200 OK\r\n');
}

test('answers over TLS, and tells browsers to stay with it', async () => {
  const api = await startTlsApi();
  expect(api.listening.scheme).toBe('https');
  const socket = await secured(api);
  socket.write(GET);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answer).toContain('strict-transport-security: max-age=31536000\r\n');
});

test('says nothing of the kind without TLS', async () => {
  const { port } = await startTestServer(await openTestApi());
  const socket = createConnection(port, '127.0.0.1');
  socket.write(GET);
  expect(await text(socket)).not.toContain('strict-transport');
});

test('speaks TLS 1.2 and 1.3 and nothing older', async () => {
  const api = await startTlsApi();
  const speaks = async (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string | null> => {
    // Without this, OpenSSL does not even offer the old ones.
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const socket = await secured(api, { minVersion: version, maxVersion: version, ciphers });
    return socket.getProtocol();
  };
  expect(await speaks('TLSv1.2')).toBe('TLSv1.2');
  expect(await speaks('TLSv1.3')).toBe('TLSv1.3');
  await expect(speaks('TLSv1.1')).rejects.toMatchObject({
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  });
});

test('takes no old cipher', async () => {
  const api = await startTlsApi();
  const protocol = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
  for (const ciphers of ['ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA']) {
    await expect(secured(api, { ...protocol, ciphers })).rejects.toMatchObject({
      // OpenSSL 3.0 has "SSLV3" in it, later ones "SSL/TLS".
      code: expect.stringMatching(/_ALERT_HANDSHAKE_FAILURE$/) as string,
    });
  }
  const { name } = (await secured(api, protocol)).getCipher();
  expect(name).toMatch(/GCM|CHACHA20/);
});

test('shows a new certificate to new connections, and old ones go on', async () => {
  const api = await startTlsApi();
  const before = await secured(api);
  const next = await api.renew();
  const after = await secured(api);
  expect(after.getPeerX509Certificate()?.toString()).toBe(
    new X509Certificate(next.certificate).toString(),
  );
  expect(before.getPeerX509Certificate()?.toString()).not.toBe(
    after.getPeerX509Certificate()?.toString(),
  );
  before.write(GET);
  expect(await text(before)).toContain('200 OK');
});

test('a watch goes on when the certificate is replaced', async () => {
  const api = await startTlsApi();
  const headers = { authorization: `Bearer ${TOKEN}` };
  const path = `${MODULES}?watch=true&timeoutSeconds=2`;
  const { port } = api.listening;
  const sent = request({ host: '127.0.0.1', port, path, headers, ca: api.ca }).end();
  const [response] = await once(sent, 'response');
  await api.renew();
  await text(response);
  expect(response.complete).toBe(true);
});

test.for([
  ['a request in plain HTTP', `GET ${MODULES} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['something else', 'hello'],
] as const)('%s is told to use HTTPS', async ([_what, bytes]) => {
  const api = await startTlsApi();
  const socket = connected(api);
  socket.write(bytes);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({
    ...{ kind: 'Status', code: 400, reason: 'BadRequest' },
    message: 'This port speaks HTTPS: write https:// in place of http://',
  });
  expect(await isAlive(api)).toBe(true);
});

test('a handshake that is nonsense, or cut off by the client, harms nobody', async () => {
  const api = await startTlsApi();
  const nonsense = connected(api);
  nonsense.write(Buffer.concat([Buffer.from([0x16, 3, 1, 0, 5]), Buffer.from('hello')]));
  await once(nonsense.resume(), 'close');
  for (const bytes of [[0x16], [0x16, 3, 1, 2, 0, 1], []]) {
    const socket = connected(api);
    await once(socket, 'connect');
    socket.write(Buffer.from(bytes));
    socket.resetAndDestroy();
  }
  expect(await isAlive(api)).toBe(true);
});

test('who does not trust the certificate is no trouble', async () => {
  const api = await startTlsApi();
  const socket = connect({ host: '127.0.0.1', port: api.listening.port });
  await expect(once(socket, 'secureConnect')).rejects.toMatchObject({
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  });
  expect(await isAlive(api)).toBe(true);
});

test('who is slow is cut off, wherever', async () => {
  const api = await startTlsApi({ requestTimeoutMs: 300 });
  const silent = connected(api);
  const halfWay = connected(api);
  halfWay.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0]));
  await Promise.all([once(silent, 'close'), once(halfWay, 'close')]);

  const head = `POST ${MODULES} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  for (const bytes of [head, `${head}Content-Length: 500\r\n\r\n{"api`]) {
    const socket = await secured(api);
    socket.write(bytes);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408 /);
  }
  expect(await isAlive(api)).toBe(true);
});

test('one that was told to use HTTPS and does not leave is cut off', async () => {
  const api = await startTlsApi({ requestTimeoutMs: 300 });
  const socket = createConnection({
    port: api.listening.port,
    host: '127.0.0.1',
    allowHalfOpen: true,
  });
  onTestFinished(() => void socket.destroy());
  socket.write(GET);
  await once(socket.resume(), 'end');
  // The own half stays open: that the server ended it too shows in what is sent after.
  const typing = setInterval(() => socket.write('x'), 20);
  onTestFinished(() => clearInterval(typing));
  await new Promise((resolve) => socket.once('error', resolve));
});

test('closes with handshakes and requests under way', async () => {
  const api = await startTlsApi();
  const sockets = [connected(api), connected(api), await secured(api)];
  sockets[1]?.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0]));
  const closed = sockets.map((socket) => once(socket.resume(), 'close'));
  await api.listening.close();
  await Promise.all(closed);
});

test('many at once are all answered', async () => {
  const api = await startTlsApi();
  const answers = await Promise.all(Array.from({ length: 50 }, () => isAlive(api)));
  expect(answers.every(Boolean)).toBe(true);
});
