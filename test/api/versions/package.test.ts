import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../../helpers/git-repository.js';
import { servePublished } from '../../helpers/published.js';
import type { Published } from '../../helpers/published.js';

let site: Published;

beforeEach(async () => {
  site = await servePublished();
});

const fetchPackage = (
  query = '',
  init: { method?: string; name?: string; headers?: Record<string, string> } = {},
): Promise<Response> =>
  fetch(
    `${site.url}/apis/registrar.synapsis.network/v1/modules/${init.name ?? 'web'}/package${query}`,
    { ...init, headers: { authorization: `Bearer ${site.token}`, ...init.headers } },
  );

const bytesOf = async (answer: Response): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer());

const packages = (): string => join(site.dataDir, 'packages');

const downloadsOf = (version: string): number => site.version(version)?.status.downloads ?? -1;

/** What somebody with a SQLite shell sees. */
const downloadsInTable = (): unknown => {
  const shell = new Sqlite(join(site.dataDir, 'registrar.db'), { readonly: true });
  const select = "SELECT downloads FROM subnet_modules WHERE name = 'web'";
  const count = shell.prepare(select).pluck().get();
  shell.close();
  return count;
};

describe('GET of a package', () => {
  it('is the newest version, with what is needed to check it', async () => {
    const { spec } = await site.release('1.0.0');
    const answer = await fetchPackage();
    const bytes = await bytesOf(answer);
    const hex = createHash('sha256').update(bytes).digest('hex');
    const digest = Buffer.from(hex, 'hex').toString('base64');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...{ 'content-type': 'application/gzip', 'content-length': String(bytes.length) },
      ...{ etag: `"${hex}"`, digest: `sha-256=${digest}`, 'repr-digest': `sha-256=:${digest}:` },
      'x-registrar-version': '1.0.0',
      'content-disposition': 'attachment; filename="web-1.0.0.tar.gz"',
    });
    expect(spec).toMatchObject({ packageHash: `sha256:${hex}`, packageBytes: bytes.length });
    expect(gunzipSync(bytes).toString('latin1')).toContain('greeting.txt');
    const archive = createHash('sha256').update(gunzipSync(bytes)).digest('hex');
    expect(spec.sourceHash).toBe(`sha256:${archive}`);
  });

  it('is of the range or exactly the version that is asked for', async () => {
    await site.release('1.0.0');
    site.repository.commit({ 'greeting.txt': 'Two\n' });
    await site.release('2.0.0-RC.1+x');
    const versions = await Promise.all(
      ['', '?version=%5E1', '?version=2.0.0-RC.1%2Bx', '?version=3', '?version=..%2F1'].map(
        async (query) => {
          const answer = await fetchPackage(query, { method: 'HEAD' });
          return [answer.status, answer.headers.get('x-registrar-version')];
        },
      ),
    );
    expect(versions).toEqual([
      ...[
        [200, '1.0.0'],
        [200, '1.0.0'],
        [200, '2.0.0-RC.1+x'],
      ],
      ...[
        [404, null],
        [400, null],
      ],
    ]);
  });

  it('is sent without bytes for HEAD, and not at all to who has it', async () => {
    await site.release('1.0.0');
    const head = await fetchPackage('', { method: 'HEAD' });
    const etag = head.headers.get('etag') ?? '';
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(
      String(site.version('1.0.0')?.spec.packageBytes),
    );
    for (const method of ['GET', 'HEAD']) {
      const known = await fetchPackage('', {
        method,
        headers: { 'if-none-match': `"x", ${etag}` },
      });
      expect([known.status, await known.text(), known.headers.get('etag')]).toEqual([
        304,
        '',
        etag,
      ]);
    }
    await bytesOf(await fetchPackage('', { headers: { 'if-none-match': '"other"' } }));
    await expect.poll(() => downloadsOf('1.0.0'), { timeout: 5_000 }).toBe(1);
  });

  it('works when the module is deleted', async () => {
    await site.release('1.0.0');
    await site.registry.delete('Module', 'web');
    await expect.poll(() => site.registry.get('Module', 'web')).toBeUndefined();
    expect((await bytesOf(await fetchPackage())).length).toBeGreaterThan(0);
  });

  it.each(['none', 'Web', '..%2Fweb', '%00', 'web.1', 'x'.repeat(254)])(
    'is 404 or less for a module called %j',
    async (name) => {
      await site.release('1.0.0');
      const answer = await fetchPackage('', { name });
      expect([400, 404]).toContain(answer.status);
      expect(await answer.json()).toMatchObject({ kind: 'Status' });
    },
  );

  it('is refused without a token', async () => {
    await site.release('1.0.0');
    expect((await fetchPackage('', { headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });
});

describe('downloads', () => {
  it('are counted for the version and for the module, and stay with both', async () => {
    await site.release('1.0.0');
    site.repository.commit({ 'greeting.txt': 'Two\n' });
    await site.release('1.1.0');
    for (const query of ['', '', '?version=1.0.0']) await bytesOf(await fetchPackage(query));
    await expect.poll(() => downloadsOf('1.1.0'), { timeout: 5_000 }).toBe(2);
    expect(downloadsOf('1.0.0')).toBe(1);
    expect(downloadsInTable()).toBe(3);
    await site.registry.delete('Module', 'web');
    await expect.poll(() => site.registry.get('Module', 'web')).toBeUndefined();
    await site.release('1.0.0', {
      source: { ...source(), commit: site.version('1.0.0')?.spec.commit ?? '' },
    });
    expect(downloadsInTable()).toBe(3);
  });

  it('that were not finished do not count', async () => {
    const files = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((one) => [`${one}.bin`, noise(1_000_000, one)]);
    site.repository.commit(Object.fromEntries(files) as Files);
    await site.release('1.0.0');
    await leaveEarly();
    await bytesOf(await fetchPackage());
    await expect.poll(() => downloadsOf('1.0.0'), { timeout: 5_000 }).toBe(1);
  });
});

const source = () => {
  const { repository } = site;
  return { ...{ repoUrl: repository.url, branch: 'main', path: '.', dockerfile: 'Dockerfile' } };
};

/** Goes away after the first bytes. */
function leaveEarly(): Promise<void> {
  const url = `${site.url}/apis/registrar.synapsis.network/v1/modules/web/package`;
  const headers = { authorization: `Bearer ${site.token}` };
  return new Promise((resolve) => {
    const sent = request(url, { headers }, (answer) => {
      answer.once('data', () => answer.destroy());
      answer.on('close', () => resolve());
    });
    sent.end();
  });
}

/** Bytes that compression makes no smaller. */
function noise(length: number, seed = 0): Buffer {
  const parts = Array.from({ length: Math.ceil(length / 32) }, (_, index) =>
    createHash('sha256').update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(parts).subarray(0, length);
}

describe('a package that is gone from the disk', () => {
  it('is made again with the same bytes, once for all who wait', async () => {
    await site.release('1.0.0');
    const before = await bytesOf(await fetchPackage());
    rmSync(packages(), { recursive: true });
    rmSync(site.repository.path, { recursive: true });
    const answers = await Promise.all([1, 2, 3, 4].map(async () => bytesOf(await fetchPackage())));
    expect(answers.every((bytes) => bytes.equals(before))).toBe(true);
    expect(readdirSync(packages())).toHaveLength(1);
  });

  it('cannot be had when its source is gone, too', async () => {
    await site.release('1.0.0');
    rmSync(packages(), { recursive: true });
    rmSync(join(site.dataDir, 'source'), { recursive: true });
    const answer = await fetchPackage();
    expect([answer.status, await answer.json()]).toMatchObject([
      404,
      {
        reason: 'PackageGone',
        message:
          'Version "1.0.0" of module "web" cannot be had: neither its package nor its source is kept; deploy it again to fetch its commit',
      },
    ]);
  });

  it('is not replaced by other bytes: they are cut off, and made anew the next time', async () => {
    site.repository.commit({ 'large.bin': noise(500_000) });
    await site.release('1.0.0');
    const before = await bytesOf(await fetchPackage());
    const [name = ''] = readdirSync(packages());
    const bytes = readFileSync(join(packages(), name));
    bytes.writeUInt8(bytes.readUInt8(1_000) ^ 1, 1_000);
    writeFileSync(join(packages(), name), bytes);
    await expect((async () => bytesOf(await fetchPackage()))()).rejects.toThrow('terminated');
    expect((await bytesOf(await fetchPackage())).equals(before)).toBe(true);
  });

  it('says so when the disk refuses to keep it', async () => {
    await site.release('1.0.0');
    rmSync(packages(), { recursive: true });
    writeFileSync(packages(), 'in the way');
    const answer = await fetchPackage();
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { reason: 'PackageUnavailable' },
    ]);
    expect(downloadsOf('1.0.0')).toBe(0);
  });
});
