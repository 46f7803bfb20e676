import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../conformance/shell.js';
import { ensureKubectl } from '../../bin/lib/test-clients.js';
import { aSite, eventually } from '../helpers/daemon.js';
import type { Ran } from '../helpers/daemon.js';
import { modulesOf, nameOf } from '../helpers/live-modules.js';

const site = aSite({ atEnd: afterAll });
const modules = modulesOf(site);
const folder = mkdtempSync(join(tmpdir(), 'registrar-pods-'));
const name = nameOf('web');
const pod = `${name}-0`;
const kubeconfig = join(folder, 'config');

/** Says who it is, then writes a line a second until somebody asks it to crash. */
const SCRIPT = `ln -sf /bin/busybox /tmp/tar; echo begin
while :; do sleep 0.2; [ -e /tmp/crash ] && { rm /tmp/crash; echo dying; exit 3; }; done`;

const kubectl = (args: string): Promise<Ran> =>
  runCommand(`kubectl ${args}`, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: folder, KUBECONFIG: kubeconfig },
  });

beforeAll(async () => {
  if ((await ensureKubectl()) === undefined) throw new Error('There is no kubectl');
  await site.start();
  // The sample image may be one of before it had tar in it.
  const env = [{ name: 'PATH', value: '/bin:/tmp' }];
  await modules.create(name, { command: ['sh', '-c', SCRIPT], env });
  await modules.untilReady(name);
  const { stdout } = await site.cli(['token', 'create', 'runner', '--role=operator', '--exec']);
  const config = (await site.cli(['kubeconfig'])).stdout;
  writeFileSync(kubeconfig, config.replace(/token: .*/, `token: ${stdout.trim()}`), {
    mode: 0o600,
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('kubectl on pods', () => {
  it('runs commands, with input, output and exit code', async () => {
    const failed = await kubectl(`exec ${pod} -- sh -c 'echo out; echo bad >&2; exit 3'`);
    expect([failed.code, failed.stdout]).toEqual([3, 'out\n']);
    expect(failed.stderr).toContain('bad\n');
    const fed = await kubectl(`exec -i ${pod} -- cat < config`);
    expect([fed.code, fed.stdout]).toEqual([0, readFileSync(kubeconfig, 'utf8')]);
  });

  it('copies files in and out', async () => {
    const bytes = randomBytes(3_000_000);
    writeFileSync(join(folder, 'there'), bytes);
    expect(await kubectl(`cp there ${pod}:/tmp/there`)).toMatchObject({ code: 0 });
    expect(await kubectl(`cp ${pod}:/tmp/there back`)).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'back')).equals(bytes)).toBe(true);
  });

  it('shows the run before, apart from the present one', async () => {
    expect((await kubectl(`logs ${pod} --previous`)).stderr).toContain(
      `previous terminated container "module" in pod "${pod}" not found`,
    );
    await kubectl(`exec ${pod} -- touch /tmp/crash`);
    await eventually(
      async () => (await kubectl(`logs ${pod} --previous`)).stdout === 'begin\ndying\n',
      'the run before can be read',
    );
    await eventually(
      async () => (await kubectl(`logs ${pod}`)).stdout === 'begin\n',
      'the present run is apart from it',
    );
    expect((await site.cli(['logs', name, '--previous'])).stdout).toBe('begin\ndying\n');
  });

  it('shows what they use, and does not delete them', async () => {
    // What it is Ready by may be from before it was asked to crash.
    await modules.until(name, 'its restart is told', ({ status }) => status.restarts === 1);
    await modules.untilReady(name);
    const line = new RegExp(`^${pod} +\\d+m +\\d+Mi`, 'm');
    expect(await kubectl('top pods')).toMatchObject({ stdout: expect.stringMatching(line) });
    const { code, stderr } = await kubectl(`delete pod ${pod}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('(MethodNotAllowed)')]);
  });
});
