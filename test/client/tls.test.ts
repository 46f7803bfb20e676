import { createServer as createPlainServer } from 'node:http';
import { createServer } from 'node:https';
import { once } from 'node:events';
import { createServer as createRawServer } from 'node:net';
import type { Server } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { resolveAddress } from '../../src/client/address.js';
import { createClient } from '../../src/client/http.js';
import { aPair, anAuthority } from '../helpers/certificates.js';
import type { CertificateOptions } from '../helpers/certificates.js';
import { tempDataDir } from '../helpers/temp-registry.js';

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

/** A server with such a certificate, and a data directory as its daemon would have it. */
async function tlsServer(options: CertificateOptions = {}) {
  const authority = await anAuthority();
  const pair = await aPair({ authority, ...options });
  const tokens: (string | undefined)[] = [];
  const server = createServer({ cert: pair.certificate, key: pair.key }, (request, response) => {
    tokens.push(request.headers.authorization);
    response.setHeader('connection', 'close').end('{"ok":true}');
  });
  const dataDir = tempDataDir();
  mkdirSync(join(dataDir, 'tls'));
  writeFileSync(join(dataDir, 'tls/ca.crt'), authority.certificate.toString());
  writeFileSync(join(dataDir, 'token'), 'secret\n');
  const port = await portOf(server);
  return { port, url: `https://127.0.0.1:${port}`, dataDir, tokens };
}

type Options = Partial<Parameters<typeof resolveAddress>[0]>;

async function ask(server: string, options: Options = {}): Promise<unknown> {
  const address = await resolveAddress({
    token: undefined,
    dataDir: '/nowhere',
    ...options,
    server,
  });
  return createClient(address, () => undefined).json({ path: '/' });
}

test('a server of this machine is believed by the authority of the data directory', async () => {
  const { url, dataDir, tokens } = await tlsServer();
  expect(await ask(url, { dataDir })).toEqual({ ok: true });
  expect(tokens).toEqual(['Bearer secret']);
});

test('an authority that is named is enough, and another is not', async () => {
  const { url, dataDir, tokens } = await tlsServer();
  const authorityFile = join(dataDir, 'tls/ca.crt');
  expect(await ask(url, { authorityFile, token: 'given' })).toEqual({ ok: true });
  const other = await tlsServer();
  await expect(ask(url, { dataDir: other.dataDir, token: 'given' })).rejects.toMatchObject({
    code: 'SERVER_UNTRUSTED',
  });
  expect(tokens).toEqual(['Bearer given']);
});

test('an unknown authority: nothing is sent, and the way to trust is told', async () => {
  const { url, tokens } = await tlsServer();
  await expect(ask(url, { token: 'given' })).rejects.toMatchObject({
    code: 'SERVER_UNTRUSTED',
    message:
      `Will not talk to ${url}: its certificate is not from an authority that is trusted here; ` +
      'name the file tls/ca.crt of its data directory with --certificate-authority',
  });
  expect(tokens).toEqual([]);
});

test('a certificate that has expired, or is not valid yet', async () => {
  const now = Date.now();
  const old = await tlsServer({ notBefore: now - 9000, notAfter: now - 5000 });
  await expect(ask(old.url, { dataDir: old.dataDir })).rejects.toMatchObject({
    code: 'SERVER_UNTRUSTED',
    message: expect.stringContaining('its certificate has expired; compare the clocks'),
  });
  const early = await tlsServer({ notBefore: now + 60_000, notAfter: now + 90_000 });
  await expect(ask(early.url, { dataDir: early.dataDir })).rejects.toMatchObject({
    code: 'SERVER_UNTRUSTED',
    message: expect.stringContaining('its certificate is not valid yet; compare the clocks'),
  });
  expect([...old.tokens, ...early.tokens]).toEqual([]);
});

test('a certificate for another name', async () => {
  const { url, dataDir, tokens } = await tlsServer({ names: ['registrar.example.org'] });
  await expect(ask(url, { dataDir })).rejects.toMatchObject({
    code: 'SERVER_UNTRUSTED',
    message: expect.stringContaining('its certificate is for other names; use one of those'),
  });
  expect(tokens).toEqual([]);
});

test('any certificate will do when that is asked for', async () => {
  const { url } = await tlsServer({ names: ['registrar.example.org'] });
  expect(await ask(url, { insecure: true, token: 'given' })).toEqual({ ok: true });
});

test('a server without TLS, and one that hangs up', async () => {
  const plain = await portOf(createPlainServer((_request, response) => response.end('{}')));
  await expect(ask(`https://127.0.0.1:${plain}`)).rejects.toMatchObject({
    code: 'SERVER_UNREACHABLE',
    message: expect.stringContaining('it does not speak TLS'),
  });
  const rude = await portOf(createRawServer((socket) => socket.destroy()));
  await expect(ask(`https://127.0.0.1:${rude}`)).rejects.toMatchObject({
    code: 'SERVER_UNREACHABLE',
    message: expect.stringContaining('it hung up before it answered'),
  });
});
