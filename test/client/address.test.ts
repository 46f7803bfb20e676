import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveAddress } from '../../src/client/address.js';
import { tempDataDir } from '../helpers/temp-registry.js';

const base = { server: undefined, token: undefined, dataDir: '/srv/data' };

test('the socket in the data directory when no server is named', async () => {
  expect(await resolveAddress({ ...base, token: 'unused' })).toEqual({
    url: 'unix:///srv/data/registrar.sock',
    target: { socketPath: '/srv/data/registrar.sock' },
    token: undefined,
  });
});

test.for([
  ['unix:///run/r.sock', { socketPath: '/run/r.sock' }],
  ['http://127.0.0.1:7878', { host: '127.0.0.1', port: 7878 }],
  ['http://127.9.9.9:1', { host: '127.9.9.9', port: 1 }],
  ['http://localhost', { host: 'localhost', port: 80 }],
  ['http://[::1]:7878/', { host: '::1', port: 7878 }],
] as const)('%s', async ([server, target]) => {
  expect(await resolveAddress({ ...base, server })).toMatchObject({ target });
});

test('a loopback server gets the token of the data directory, unless one is given', async () => {
  const dataDir = tempDataDir();
  writeFileSync(join(dataDir, 'token'), 'secret\n');
  const server = 'http://127.0.0.1:7878';
  expect(await resolveAddress({ ...base, dataDir, server })).toMatchObject({ token: 'secret' });
  const given = await resolveAddress({ ...base, dataDir, server, token: 'given' });
  expect(given).toMatchObject({ token: 'given' });
});

test.for([
  'http://10.0.0.5:7878',
  'http://registrar.example.org',
  'http://localhost.example.org',
  'http://127.0.0.1.example.org',
  'http://[::2]:7878',
])('no token ever goes to %s', async (server) => {
  const dataDir = tempDataDir();
  writeFileSync(join(dataDir, 'token'), 'secret\n');
  expect(await resolveAddress({ ...base, dataDir, server })).toMatchObject({ token: undefined });
  const given = resolveAddress({ ...base, server, token: 'given' });
  await expect(given).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('the connection is not encrypted and leaves this machine'),
  });
});

test.for([
  'localhost:7878',
  'https://127.0.0.1/path',
  'https://user:pass@127.0.0.1',
  'http://127.0.0.1/path',
  'http://user:pass@127.0.0.1',
  'ftp://127.0.0.1',
  'unix://relative',
  '',
])('server %j is refused', async (server) => {
  await expect(resolveAddress({ ...base, server })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a path that no socket can have is refused, not cut', async () => {
  const dataDir = `/${'long/'.repeat(30)}`;
  await expect(resolveAddress({ ...base, dataDir })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: expect.stringContaining('too long for a socket'),
  });
});

const PEM = '-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n';

/** A data directory of a daemon that says it listens there. */
function dataDirOf(note: object): string {
  const dataDir = tempDataDir();
  mkdirSync(join(dataDir, 'tls'));
  writeFileSync(join(dataDir, 'tls/ca.crt'), PEM);
  writeFileSync(join(dataDir, 'token'), 'secret\n');
  writeFileSync(join(dataDir, 'listening.json'), JSON.stringify(note));
  return dataDir;
}

const OURS = { authority: PEM, verify: true };
const EVERYBODYS = { authority: undefined, verify: true };

test('over TLS a token may go anywhere', async () => {
  const server = 'https://registrar.example.org';
  expect(await resolveAddress({ ...base, server, token: 'given' })).toEqual({
    url: server,
    target: { host: 'registrar.example.org', port: 443, trust: EVERYBODYS },
    token: 'given',
  });
});

test('the daemon of the data directory is known wherever it listens, others are not', async () => {
  const dataDir = dataDirOf({ url: 'https://10.1.2.3:7878', ownAuthority: true });
  const ours = await resolveAddress({ ...base, dataDir, server: 'https://10.1.2.3:7878' });
  expect(ours).toMatchObject({ token: 'secret', target: { host: '10.1.2.3', trust: OURS } });
  const other = await resolveAddress({ ...base, dataDir, server: 'https://10.1.2.4:7878' });
  expect(other).toMatchObject({ token: undefined, target: { trust: EVERYBODYS } });
  const loopback = await resolveAddress({ ...base, dataDir, server: 'https://[::1]:1' });
  expect(loopback).toMatchObject({ token: 'secret', target: { host: '::1', trust: OURS } });
});

test('one that serves with a certificate from elsewhere is believed as others are', async () => {
  const dataDir = dataDirOf({ url: 'https://127.0.0.1:7878', ownAuthority: false });
  const address = await resolveAddress({ ...base, dataDir, server: 'https://127.0.0.1:7878' });
  expect(address).toMatchObject({ token: 'secret', target: { trust: EVERYBODYS } });
});

test('a note that is damaged says nothing', async () => {
  const dataDir = dataDirOf({});
  writeFileSync(join(dataDir, 'listening.json'), '{"url":');
  const address = await resolveAddress({ ...base, dataDir, server: 'https://127.0.0.1:7878' });
  expect(address).toMatchObject({ target: { trust: OURS } });
});

test('an authority that is named must be one', async () => {
  const server = 'https://127.0.0.1:7878';
  const dataDir = dataDirOf({});
  const withFile = (authorityFile: string) =>
    resolveAddress({ ...base, dataDir, server, authorityFile });
  expect(await withFile(join(dataDir, 'tls/ca.crt'))).toMatchObject({ target: { trust: OURS } });
  await expect(withFile('/nowhere/ca.crt')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await expect(withFile(join(dataDir, 'token'))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    message: `There is no certificate in PEM in --certificate-authority "${join(dataDir, 'token')}"`,
  });
});
