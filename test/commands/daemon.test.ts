import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { aPair, filesOf } from '../helpers/certificates.js';
import { folderOf, runCli, startCli } from '../helpers/cli.js';

/** Without an engine: what is tested is how the API is reached. */
const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

interface Running {
  readonly greeting: string;
  readonly dataDir: string;
  readonly stop: () => Promise<void>;
}

async function start(cwd: string, ...flags: string[]): Promise<Running> {
  const args = ['daemon', '--port', '0', '--data-dir', 'data', '--config-dir', '.', ...flags];
  const child = startCli(args, { env, cwd });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  await expect.poll(() => output, { timeout: 50_000 }).toContain('Registrar listens on ');
  const stop = async (): Promise<void> => {
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    await ended;
  };
  const [greeting = ''] = /Registrar listens on .*/.exec(output) ?? [];
  return { greeting, dataDir: join(cwd, 'data'), stop };
}

const listeningIn = (dataDir: string): { url: string } =>
  JSON.parse(readFileSync(join(dataDir, 'listening.json'), 'utf8'));

test('speaks TLS on loopback, and commands find it', async () => {
  const cwd = folderOf({});
  const { greeting, dataDir, stop } = await start(cwd);
  expect(greeting).toMatch(
    /^Registrar listens on https:\/\/127\.0\.0\.1:\d+ and unix:\/\/.*\.sock$/,
  );
  const { url } = listeningIn(dataDir);
  expect(greeting).toContain(url);
  expect(await runCli(['get', '--server', url], { cwd })).toMatchObject({ code: 0 });
  const plain = await runCli(['get', '--server', url.replace('https:', 'http:')], { cwd });
  expect(plain.stderr).toBe(
    'Error from server (BadRequest): This port speaks HTTPS: write https:// in place of http://\n',
  );
  await stop();
  expect(existsSync(join(dataDir, 'listening.json'))).toBe(false);
});

test('keeps its authority, and has a certificate for the names that are asked for', async () => {
  const cwd = folderOf({});
  const first = await start(cwd);
  const authority = readFileSync(join(first.dataDir, 'tls/ca.crt'), 'utf8');
  await first.stop();
  const names = ['--tls-san', 'registrar.example.org', '--tls-san', '10.9.8.7'];
  const { greeting, dataDir, stop } = await start(cwd, '--host', '0.0.0.0', ...names);
  expect(greeting).toContain('https://0.0.0.0:');
  expect(listeningIn(dataDir).url).toMatch(/^https:\/\/127\.0\.0\.1:/);
  expect(readFileSync(join(dataDir, 'tls/ca.crt'), 'utf8')).toBe(authority);
  const [, certificate = ''] = readFileSync(join(dataDir, 'tls/server.pem'), 'utf8').split(
    /(?=-----BEGIN CERT)/,
  );
  const { subjectAltName } = new X509Certificate(certificate);
  expect(subjectAltName).toContain('DNS:registrar.example.org');
  expect(subjectAltName).toContain('IP Address:10.9.8.7');
  await stop();
});

test('serves with a certificate from elsewhere, and makes none then', async () => {
  const cwd = folderOf({});
  const { certificateFile, keyFile } = filesOf(await aPair());
  const { dataDir, stop } = await start(cwd, '--tls-cert', certificateFile, '--tls-key', keyFile);
  expect(existsSync(join(dataDir, 'tls'))).toBe(false);
  const { url } = listeningIn(dataDir);
  const unknown = await runCli(['get', '--server', url], { cwd });
  expect(unknown.stderr).toMatch(
    /^error: Will not talk to .*: its certificate is not from an auth/,
  );
  const any = await runCli(['get', '--server', url, '--insecure-skip-tls-verify'], { cwd });
  expect(any).toMatchObject({ code: 0 });
  await stop();
});

test('speaks plain HTTP when it is told to', async () => {
  const cwd = folderOf({});
  const { greeting, dataDir, stop } = await start(cwd, '--http');
  expect(greeting).toContain('http://127.0.0.1:');
  expect(existsSync(join(dataDir, 'tls'))).toBe(false);
  const { url } = listeningIn(dataDir);
  expect(await runCli(['get', '--server', url], { cwd })).toMatchObject({ code: 0 });
  await stop();
});

test.for([
  [
    ['--http', '--host', '0.0.0.0'],
    'without TLS only a loopback address such as 127.0.0.1 is safe',
  ],
  [['--tls-cert', 'a.crt'], '--tls-key'],
  [['--http', '--tls-san', 'a'], '--tls-san'],
] as const)('%j is refused', async ([flags, message]) => {
  const cwd = folderOf({});
  const args = ['daemon', '--port', '0', '--config-dir', '.', '--data-dir', 'data', ...flags];
  const ran = await runCli(args, { env, cwd });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain(message);
});
