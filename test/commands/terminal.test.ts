import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { folderOf, leadingTo, runCli } from '../helpers/cli.js';
import { manifestOf } from '../helpers/manifests.js';
import { serve } from '../helpers/served.js';
import type { Served } from '../helpers/served.js';

const ENTRY = fileURLToPath(new URL('../../bin/registrar', import.meta.url));
const run = promisify(execFile);

let served: Served;

beforeEach(async () => {
  served = await serve();
});

/** What a terminal gets from a command: both outputs in one. */
async function inTerminal(command: string, files: Record<string, string> = {}): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { PATH, TERM: 'xterm', ...leadingTo(served) };
  const line = `stty cols 200; '${process.execPath}' '${ENTRY}' ${command}`;
  const { stdout } = await run('script', ['-qec', line, '/dev/null'], {
    env,
    cwd: folderOf(files),
  });
  return stdout;
}

test('the plan has colours, and what comes from elsewhere brings none', async () => {
  const files = { 'web.yaml': manifestOf('web') };
  expect(await inTerminal('diff -f web.yaml || true', files)).toContain(
    '\u001B[32m+ module/web\u001B[39m\r\n',
  );
  expect(await inTerminal('get')).toBe('No resources found\r\n');
});

test('the log of a container cannot control the terminal', async () => {
  await runCli(['apply', '-f', '-', '--wait'], {
    env: leadingTo(served),
    input: manifestOf('web'),
  });
  const { engine } = served.runtime;
  for (const id of engine.containers.keys()) engine.say(id, '\u001B]0;title\u0007 \u009B2J done');
  expect(await inTerminal('logs web')).toBe('?]0;title? ?2J done\r\n');
});

test('a spinner tells what is waited for, and leaves nothing behind', async () => {
  const files = { 'web.yaml': manifestOf('web').replace('sample:1', 'missing:1') };
  await inTerminal('apply -f web.yaml', files);
  const shown = await inTerminal('wait web --for condition=Ready --timeout 500ms || true');
  expect(shown).toContain(' Waiting for web');
  expect(shown).toContain('\r\u001B[Kerror: timed out waiting');
});

test('confirm-prune without a held module does not ask', async () => {
  expect(await inTerminal('config confirm-prune || true')).toBe(
    'error: Nothing is held; there is nothing to confirm\r\n',
  );
});

test('secret set asks for the value, and shows nothing of what is typed', async () => {
  await runCli(['secret', 'create', 'keys'], { env: leadingTo(served) });
  const { PATH = '' } = process.env;
  const line = `stty cols 200; '${process.execPath}' '${ENTRY}' secret set keys api`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    env: { PATH, TERM: 'xterm', ...leadingTo(served) },
  });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  await expect.poll(() => shown, { timeout: 30_000 }).toContain('Value');
  child.stdin.write('typed-canary\r');
  await once(child, 'close');
  expect(shown).toContain('keys changed');
  expect(shown).not.toMatch(/typed|canary/);
  const values = served.registry.secrets.reveal('keys', ['api']);
  expect(values.get('api')?.toString()).toBe('typed-canary');
});
