import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { folderOf, leadingTo, runCli, startCli } from '../helpers/cli.js';
import type { Ran } from '../helpers/cli.js';
import { aVersion, servePublished } from '../helpers/published.js';
import type { Published } from '../helpers/published.js';

let site: Published;

const run = (args: readonly string[], cwd?: string): Promise<Ran> =>
  runCli(args, { env: leadingTo(site), ...(cwd !== undefined && { cwd }) });

const WEB = 'module.registrar.synapsis.network/web';

beforeEach(async () => {
  site = await servePublished();
  site.repository.commit({ 'run.sh': { executable: '#!/bin/sh\necho hello\n' } });
  await site.release('1.0.0', { description: 'Echoes what it hears', author: 'Ada <ada@a.org>' });
});

describe('versions', () => {
  test('lists what was published, the newest first', async () => {
    site.repository.commit({ 'greeting.txt': 'Two\n' });
    const { spec } = await site.release('1.1.0-RC.1');
    await run(['yank', 'web@1.0.0', '--reason', 'Loses blocks.']);
    const { code, stdout, stderr } = await run(['versions', 'web']);
    expect([code, stderr]).toEqual([0, '']);
    const [head = '', ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^VERSION +COMMIT +PUBLISHED +SIZE +DOWNLOADS +STATE$/);
    expect(rows.map((row) => row.split(/ {2,}/).filter((_, index) => index !== 2))).toEqual(
      expect.arrayContaining([
        [
          ...['1.1.0-RC.1', spec.commit.slice(0, 7)],
          ...[expect.stringMatching(/^\d+\.\dKiB$/), '0', 'Published'],
        ],
        [
          ...['1.0.0', expect.stringMatching(/^[0-9a-f]{7}$/)],
          ...[expect.stringMatching(/^\d+\.\dKiB$/), '0', 'Yanked: Loses blocks'],
        ],
      ]),
    );
  });

  test('has other formats, and says when there is none', async () => {
    const json = JSON.parse((await run(['versions', 'web', '-o', 'json'])).stdout) as unknown;
    expect(json).toMatchObject({ kind: 'List', items: [{ spec: { version: '1.0.0' } }] });
    expect((await run(['versions', 'web', '-o', 'name'])).stdout).toBe(
      'moduleversion.registrar.synapsis.network/web.1.0.0\n',
    );
    expect((await run(['get', 'mv'])).stdout).toContain('web.1.0.0');
    const none = await run(['versions', 'none']);
    expect([none.code, none.stdout]).toEqual([1, '']);
    expect(none.stderr).toContain('Module "none" has no published version');
  });
});

describe('search', () => {
  beforeEach(async () => {
    const { spec } = aVersion('2.0.0');
    for (const [module, more] of [
      ['miner-a', { description: 'Mines\nand more', author: 'Grace \u001b[2J' }],
      ['miner-b', { description: 'Scores miners', author: 'Ada', type: 'validator' }],
    ] as const) {
      for (const version of ['2.0.0', '2.1.0']) {
        const { apiVersion, kind, metadata } = aVersion(version, {}, { module });
        await site.registry.create('ModuleVersion', {
          ...{ apiVersion, kind },
          metadata: { name: metadata.name, labels: { subnet: module === 'miner-a' ? '17' : '3' } },
          spec: {
            ...spec,
            ...more,
            module,
            version,
            publishedAt: `2030-01-01T00:0${version[2]}:00Z`,
          },
        });
      }
    }
  });

  const found = async (...args: string[]): Promise<string[]> => {
    const { stdout } = await run(['search', ...args, '-o', 'name']);
    return stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('/')[1] ?? '');
  };

  test.each([
    [[], ['miner-a.2.1.0', 'miner-b.2.1.0', 'web.1.0.0']],
    [['ECHOES hears'], ['web.1.0.0']],
    [['miner'], ['miner-a.2.1.0', 'miner-b.2.1.0', 'web.1.0.0']],
    [['scores'], ['miner-b.2.1.0']],
    [
      ['--author', 'ada'],
      ['miner-b.2.1.0', 'web.1.0.0'],
    ],
    [['--type', 'validator'], ['miner-b.2.1.0']],
    [['--label', 'subnet=17'], ['miner-a.2.1.0']],
    [['subnet=3'], ['miner-b.2.1.0']],
    [['mines', '--type', 'validator'], []],
  ])('for %j finds %j', async (args, names) => expect(await found(...args)).toEqual(names));

  test('shows the newest version of each that was not yanked', async () => {
    await run(['yank', 'miner-a@2.1.0', '--reason', 'bad']);
    await run(['yank', 'miner-b@2.1.0', '--reason', 'bad']);
    await run(['yank', 'miner-b@2.0.0', '--reason', 'bad']);
    const { stdout } = await run(['search', 'miner-']);
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['NAME', 'VERSION', 'TYPE', 'AUTHOR', 'DOWNLOADS', 'DESCRIPTION'],
      ['miner-a', '2.0.0', 'miner', 'Grace ?[2J', '0', 'Mines'],
      [''],
    ]);
    expect((await run(['search', 'nothing at all'])).stderr).toBe('No module found\n');
  });

  test('is for versions alone, and bounded', async () => {
    const answers = await Promise.all(
      ['modules?search=x', `moduleversions?search=${'x'.repeat(201)}`].map(async (path) => {
        const answer = await fetch(`${site.url}/apis/registrar.synapsis.network/v1/${path}`, {
          headers: { authorization: `Bearer ${site.token}` },
        });
        return answer.status;
      }),
    );
    expect(answers).toEqual([422, 400]);
  });
});

describe('yank and deprecate', () => {
  test('say something of a version, and take it back', async () => {
    const yanked = await run(['yank', 'web@1.0.0', '--reason', 'Loses blocks']);
    expect([yanked.code, yanked.stdout]).toEqual([0, `${WEB} version "1.0.0" yanked\n`]);
    await run(['deprecate', 'module/web@1.0.0', '--reason', 'Use 2.x']);
    expect(site.version('1.0.0')?.status).toMatchObject({
      ...{ yanked: { reason: 'Loses blocks' }, deprecated: { reason: 'Use 2.x' } },
    });
    const undone = await run(['yank', 'web@1.0.0', '--undo']);
    expect(undone.stdout).toBe(`${WEB} version "1.0.0" is not yanked any more\n`);
    await run(['deprecate', 'web@1.0.0', '--undo']);
    expect(site.version('1.0.0')?.status).toEqual({ downloads: 0 });
  });

  test.each([
    [['yank', 'web@1.0.0'], 'Say why with --reason, or take it back with --undo'],
    [['yank', 'web@1.0.0', '--undo', '--reason', 'x'], 'Say why with --reason'],
    [['yank', 'web', '--undo'], 'There is no version in "web"; write NAME@VERSION'],
    [['yank', '@1.0.0', '--undo'], 'There is no module in "@1.0.0"'],
    [['yank', 'policy/web@1', '--undo'], 'This works on modules'],
    [['yank', 'web@7.0.0', '--reason', 'x'], 'Module "web" has no version "7.0.0"; it has 1.0.0'],
    [['deprecate'], 'Missing 1 required arg'],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });
});

describe('pull', () => {
  test('writes a file that has its digest, under a name that says what it is', async () => {
    const folder = folderOf({});
    const { code, stdout, stderr } = await run(['pull', 'web'], folder);
    expect([code, stderr, stdout]).toEqual([
      ...[0, ''],
      `${WEB} version "1.0.0" pulled to web-1.0.0.tar.gz\n`,
    ]);
    expect(readdirSync(folder)).toEqual(['web-1.0.0.tar.gz']);
    const bytes = readFileSync(join(folder, 'web-1.0.0.tar.gz'));
    const hash = createHash('sha256').update(bytes).digest('hex');
    expect(`sha256:${hash}`).toBe(site.version('1.0.0')?.spec.packageHash);
    const other = await run(['pull', 'web@^1', '--output', join(folder, 'other')]);
    expect(other.code).toBe(0);
    expect(readFileSync(join(folder, 'other')).equals(bytes)).toBe(true);
  });

  test('writes to standard output, and nothing else there', async () => {
    const piped = await run(['pull', 'web@1.0.0', '--output', '-']);
    expect([piped.code, piped.stderr]).toEqual([
      0,
      `${WEB} version "1.0.0" pulled to standard output\n`,
    ]);
    expect(piped.stdout.length).toBeGreaterThan(100);
  });

  test('extracts files and folders into a new or empty folder', async () => {
    const folder = folderOf({});
    const { code, stdout } = await run(['pull', 'web', '--extract', 'out'], folder);
    expect([code, stdout]).toEqual([0, `${WEB} version "1.0.0" pulled to out\n`]);
    expect(readdirSync(folder)).toEqual(['out']);
    expect(readFileSync(join(folder, 'out/greeting.txt'), 'utf8')).toBe('Hello\n');
    expect(statSync(join(folder, 'out/run.sh')).mode & 0o111).not.toBe(0);
    expect((await run(['pull', 'web', '--extract', folderOf({})])).code).toBe(0);
    const full = folderOf({ 'mine.txt': 'mine' });
    const refused = await run(['pull', 'web', '--extract', full]);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('it must be a new or an empty folder'),
    ]);
    expect(readdirSync(full)).toEqual(['mine.txt']);
  });

  test.each([
    [['pull', 'web@^9'], 'Module "web" has no version "^9"; it has 1.0.0'],
    [['pull', 'none'], 'Module "none" has no published version'],
    [['pull', 'web@latest'], '"latest" is no version and no range of versions'],
    [['pull', 'web', '--output', 'nowhere/file'], 'ENOENT'],
    [['pull', 'web', '--output', 'x', '--extract', 'y'], 'cannot also be provided'],
  ])('%j is refused and leaves nothing', async (args, message) => {
    const folder = folderOf({});
    const { code, stdout, stderr } = await run(args, folder);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('leaves nothing when it is interrupted', async () => {
    const stuck = createServer((_, answer) => {
      const head = {
        'x-registrar-version': '1.0.0',
        'repr-digest': `sha-256=:${'A'.repeat(43)}=:`,
      };
      answer.writeHead(200, head).write('the beginning');
    });
    await new Promise<void>((resolve) => stuck.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      stuck.closeAllConnections();
      stuck.close();
    });
    const folder = folderOf({});
    const { port } = stuck.address() as AddressInfo;
    const env = { ...leadingTo(site), REGISTRAR_SERVER: `http://127.0.0.1:${port}` };
    const child = startCli(['pull', 'web'], { env, cwd: folder });
    const part = expect.stringMatching(/^web-1\.0\.0\.tar\.gz\.[0-9a-f]+\.part$/) as unknown;
    await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toEqual([part]);
    child.kill('SIGINT');
    const [[code], stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
    expect([code, stderr]).toEqual([1, 'error: Interrupted; nothing of the package is kept\n']);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('counts', async () => {
    await run(['pull', 'web', '--output', '-']);
    await expect.poll(() => site.version('1.0.0')?.status.downloads, { timeout: 5_000 }).toBe(1);
    expect((await run(['versions', 'web'])).stdout).toMatch(/ 1 {11}Published/);
    expect(gunzipSync(readFileSync(packageFile())).length).toBeGreaterThan(0);
    expect(existsSync(packageFile())).toBe(true);
  });
});

function packageFile(): string {
  const hash = site.version('1.0.0')?.spec.packageHash.replace('sha256:', '') ?? '';
  return join(site.dataDir, 'packages', `${hash}.tar.gz`);
}
