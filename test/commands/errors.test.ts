import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderOf, leadingTo, runCli } from '../helpers/cli.js';
import { manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';

test('the socket in the data directory is enough', async () => {
  const { dataDir } = await serve();
  const input = manifestOf('web');
  expect(await runCli(['apply', '-f', '-', '--data-dir', dataDir], { input })).toMatchObject({
    code: 0,
  });
  const env = { REGISTRAR_DATA_DIR: dataDir };
  const name = 'module.registrar.synapsis.network/web\n';
  expect((await runCli(['get', '-o', 'name'], { env })).stdout).toBe(name);
  const server = `unix://${join(dataDir, 'registrar.sock')}`;
  expect((await runCli(['get', '-o', 'name', '--server', server])).stdout).toBe(name);
});

test('a server on this machine gets the token of the data directory', async () => {
  const { url, dataDir } = await serve();
  const ran = await runCli(['get', '--server', url, '--data-dir', dataDir]);
  expect(ran).toEqual({ code: 0, stdout: '', stderr: 'No resources found\n' });
});

test('without a token the way to one is told', async () => {
  const { url } = await serve();
  const ran = await runCli(['get', '--server', url], { cwd: folderOf({}) });
  expect(ran).toMatchObject({ code: 1, stdout: '' });
  expect(ran.stderr).toMatch(/^error: You must be logged in to the server \(.+\); give the token /);
});

test('no daemon: says what was tried and what to do', async () => {
  const cwd = folderOf({});
  expect(await runCli(['get'], { cwd })).toEqual({
    code: 1,
    stdout: '',
    stderr:
      `error: Cannot reach Registrar at unix://${join(cwd, 'data/registrar.sock')}: ` +
      'there is no such socket; start it with "registrar daemon", or name the data directory of a ' +
      'running daemon with --data-dir, or a server with --server\n',
  });
});

test('something else at the address: says that it is no Registrar', async () => {
  const server = createServer((socket) =>
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const ran = await runCli(['get', '--server', `http://127.0.0.1:${port}`]);
  server.close();
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('did not answer with JSON; check that it is a Registrar server');
});

test('an unknown flag fails without a stack', async () => {
  const ran = await runCli(['get', '--bogus']);
  expect(ran).toEqual({
    code: 1,
    stdout: '',
    stderr: 'error: Nonexistent flag: --bogus\nSee more help with --help\n',
  });
});

test('DEBUG adds the stack', async () => {
  const ran = await runCli(['get'], { cwd: folderOf({}), env: { DEBUG: 'registrar' } });
  expect(ran.stderr).toMatch(/\n {4}at /);
});

test('--wait takes true and false only', async () => {
  const ran = await runCli(['delete', 'web', '--wait=maybe']);
  expect(ran.stderr).toBe('error: Cannot read --wait="maybe"; write true or false\n');
});

test('version tells both versions, and the own one without a server', async () => {
  const served = await serve();
  const ran = await runCli(['version'], { env: leadingTo(served) });
  expect(ran.stdout).toMatch(/^Client Version: v0\.1\.0\nServer Version: v.+\n$/);
  const alone = await runCli(['version', '--client', '-o', 'json'], { cwd: folderOf({}) });
  expect(JSON.parse(alone.stdout)).toEqual({ clientVersion: { gitVersion: 'v0.1.0' } });
  const failed = await runCli(['version'], { cwd: folderOf({}) });
  expect(failed).toMatchObject({ code: 1, stdout: 'Client Version: v0.1.0\n' });
});

test('schema prints a JSON Schema without a server', async () => {
  const { stdout, code } = await runCli(['schema'], { cwd: folderOf({}) });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ properties: { spec: { type: 'object' } } });
});

test.each([
  ['version', 'error: unexpected argument "web" for "registrar version"; see its --help\n'],
  ['gte', 'error: unknown command "gte" for "registrar"; did you mean "get"?\n'],
  ['frobnicate', 'error: unknown command "frobnicate" for "registrar"; run "registrar --help"\n'],
])('the unknown command %s is an error that says what to do', async (command, stderr) => {
  expect(await runCli([command, 'web'])).toEqual({ code: 1, stdout: '', stderr });
});
