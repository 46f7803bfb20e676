import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { folderOf, runCli } from '../helpers/cli.js';
import { hasKubectl } from '../helpers/kubectl.js';
import { serve } from '../helpers/served.js';

const run = promisify(execFile);

test('holds address, authority and token of the daemon of the data directory', async () => {
  const { url, token, dataDir } = await serve(undefined, { tls: true });
  const { stdout, stderr, code } = await runCli(['kubeconfig', '--data-dir', dataDir]);
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  const authority = readFileSync(join(dataDir, 'tls/ca.crt')).toString('base64');
  expect(parse(stdout)).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: 'registrar', cluster: { server: url, 'certificate-authority-data': authority } },
    ],
    users: [{ name: 'registrar', user: { token } }],
    contexts: [{ name: 'registrar', context: { cluster: 'registrar', user: 'registrar' } }],
    'current-context': 'registrar',
  });
});

test('takes address, token and authority as they are given', async () => {
  const { dataDir } = await serve(undefined, { tls: true });
  const folder = folderOf({ 'ca.crt': readFileSync(join(dataDir, 'tls/ca.crt'), 'utf8') });
  const server = 'https://registrar.example.org:7878';
  const args = ['kubeconfig', '--server', server, '--token', 'given', '--context', 'lab'];
  const known = await runCli([...args, '--certificate-authority', join(folder, 'ca.crt')]);
  expect(parse(known.stdout)).toMatchObject({
    clusters: [
      { name: 'lab', cluster: { server, 'certificate-authority-data': expect.any(String) } },
    ],
    users: [{ name: 'lab', user: { token: 'given' } }],
    'current-context': 'lab',
  });
  const unknown = await runCli([...args, '--insecure-skip-tls-verify']);
  expect(parse(unknown.stdout).clusters).toEqual([
    { name: 'lab', cluster: { server, 'insecure-skip-tls-verify': true } },
  ]);
});

test('adds itself to the file that kubectl uses, and says how to use it', async () => {
  const { dataDir } = await serve(undefined, { tls: true });
  const home = folderOf({});
  const args = ['kubeconfig', '--merge', '--data-dir', dataDir];
  const first = join(home, 'first');
  const inHome = await runCli(args, { env: { HOME: home } });
  expect(inHome.stderr).toBe(
    `Context "registrar" is in ${home}/.kube/config; use it with "kubectl --context registrar"\n`,
  );
  await runCli(args, { env: { HOME: home, KUBECONFIG: `:${first}:${home}/second` } });
  expect(readFileSync(first, 'utf8')).toBe(readFileSync(join(home, '.kube/config'), 'utf8'));
  const named = await runCli([...args, '--output', join(home, 'named')]);
  expect(named).toMatchObject({ code: 0, stdout: '' });
});

test('writes a new file, and none over another', async () => {
  const { dataDir } = await serve(undefined, { tls: true });
  const output = join(folderOf({}), 'kubeconfig');
  const args = ['kubeconfig', '--data-dir', dataDir, '--output', output];
  expect(await runCli(args)).toEqual({ code: 0, stdout: '', stderr: '' });
  const again = await runCli(args);
  expect(again.stderr).toBe(
    `error: File "${output}" is there already; add to it with --merge, or remove it\n`,
  );
});

describe('says what is missing', () => {
  test.for([
    [
      'no daemon',
      [],
      /^error: No daemon runs on the data directory "data": start it, name another/,
    ],
    ['a socket', ['--server', 'unix:///run/r.sock'], /kubectl cannot use the socket/],
    [
      'no TLS',
      ['--server', 'http://127.0.0.1:1'],
      /kubectl sends no token to http:.* without --http/,
    ],
    ['no token', ['--server', 'https://a.example.org'], /There is no token for https:.* --token/],
    [
      'no address',
      ['--server', 'a.example.org'],
      /Cannot use server "a.example.org"; write https:/,
    ],
    ['no name', ['--context', 'on'], /Cannot use --context "on": write letters, digits and dashes/],
    ['no name', ['--context', 'a: b'], /Cannot use --context "a: b"/],
    [
      'no file',
      ['--server', 'https://a', '--certificate-authority', '/no/ca'],
      /Cannot read --cert/,
    ],
  ] as const)('%s: %j', async ([_what, args, message]) => {
    const ran = await runCli(['kubeconfig', ...args], { cwd: folderOf({}) });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    expect(ran.stderr).toMatch(message);
  });

  test('a daemon without TLS', async () => {
    const { dataDir } = await serve();
    const ran = await runCli(['kubeconfig', '--data-dir', dataDir]);
    expect(ran.stderr).toMatch(/kubectl sends no token to http:.*: use HTTPS, start the daemon/);
  });
});

describe.skipIf(!hasKubectl())('kubectl', () => {
  test('uses it at once', async () => {
    const { dataDir } = await serve(undefined, { tls: true });
    const home = folderOf({});
    const kubeconfig = join(home, 'kubeconfig');
    writeFileSync(kubeconfig, (await runCli(['kubeconfig', '--data-dir', dataDir])).stdout);
    const { PATH = '' } = process.env;
    const kubectl = async (...args: string[]): Promise<string> =>
      (await run('kubectl', args, { env: { PATH, HOME: home, KUBECONFIG: kubeconfig } })).stdout;
    expect(await kubectl('get', '--raw', '/healthz')).toBe('ok');
    expect(JSON.parse(await kubectl('get', '--raw', '/apis')).kind).toBe('APIGroupList');
    expect(await kubectl('config', 'current-context')).toBe('registrar\n');
    rmSync(kubeconfig);
    const merged = await runCli([
      'kubeconfig',
      '--merge',
      '--output',
      kubeconfig,
      '--data-dir',
      dataDir,
    ]);
    expect(merged.code).toBe(0);
    expect(await kubectl('--context', 'registrar', 'get', '--raw', '/readyz')).toContain('ok');
  });
});
