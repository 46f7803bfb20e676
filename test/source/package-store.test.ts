import { createHash } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Package } from '../../src/source/package.js';
import { PackageStore } from '../../src/source/package-store.js';
import { temporaryFolder } from '../helpers/git-repository.js';
import { mountSmallDisk, whyNoDisk } from '../helpers/small-disk.js';

const NEVER = new AbortController().signal;
const noDisk = whyNoDisk();

function archiveOf(content: string | Buffer): string {
  const path = join(temporaryFolder('archive'), 'source.tar');
  writeFileSync(path, content);
  return path;
}

function aStore(): { store: PackageStore; folder: string } {
  const folder = join(temporaryFolder('packages'), 'packages');
  return { store: new PackageStore({ folder }), folder };
}

const pathOf = (folder: string, { hash }: Package): string =>
  join(folder, `${hash.replace('sha256:', '')}.tar.gz`);

describe('a package', () => {
  it('is the archive, compressed, under the hash of its bytes', async () => {
    const { store, folder } = aStore();
    const made = await store.keep(archiveOf('some files\n'.repeat(10_000)), NEVER);
    const bytes = readFileSync(pathOf(folder, made));
    expect(made).toEqual({
      hash: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      bytes: bytes.length,
    });
    expect(gunzipSync(bytes).toString()).toBe('some files\n'.repeat(10_000));
    const stream = await store.open(made);
    expect(stream && (await buffer(stream)).equals(bytes)).toBe(true);
  });

  it('has the same bytes in another data directory, at another time, under another name', async () => {
    const content = Buffer.alloc(300_000, 'abcdefg');
    const one = await aStore().store.keep(archiveOf(content), NEVER);
    const other = archiveOf(content);
    utimesSync(other, 1, 1);
    expect(await aStore().store.keep(other, NEVER)).toEqual(one);
  });

  it('can be read by its owner alone', async () => {
    const { store, folder } = aStore();
    const made = await store.keep(archiveOf('x'), NEVER);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(pathOf(folder, made)).mode & 0o777).toBe(0o600);
  });

  it('leaves nothing behind when it is given up, and nothing of a daemon that was killed', async () => {
    const { store, folder } = aStore();
    const given = AbortSignal.abort();
    const archive = archiveOf('x');
    const many = Array.from({ length: 50 }, () => store.keep(archive, given));
    const ends = await Promise.allSettled(many);
    expect(ends.map(({ status }) => status)).toEqual(many.map(() => 'rejected'));
    await expect(many[0]).rejects.toThrow('Cannot keep a package');
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, '0123.tmp'), 'half');
    const made = await new PackageStore({ folder }).keep(archiveOf('x'), NEVER);
    expect(readdirSync(folder)).toEqual([pathOf('', made)]);
  });
});

describe('what is on the disk in place of a package', () => {
  it('is not served: nothing, another size, a link', async () => {
    const { store, folder } = aStore();
    const made = await store.keep(archiveOf('x'), NEVER);
    expect(await store.open({ ...made, hash: `sha256:${'0'.repeat(64)}` })).toBeUndefined();
    expect(await store.open({ ...made, bytes: made.bytes + 1 })).toBeUndefined();
    const link = { ...made, hash: `sha256:${'1'.repeat(64)}` };
    symlinkSync(pathOf(folder, made), pathOf(folder, link));
    expect(await store.open(link)).toBeUndefined();
  });

  it('is not served to its end when its bytes are others, and not kept', async () => {
    const { store, folder } = aStore();
    const made = await store.keep(archiveOf(Buffer.alloc(1_000_000, 'abc')), NEVER);
    const bytes = readFileSync(pathOf(folder, made));
    bytes.writeUInt8(bytes.readUInt8(500) ^ 1, 500);
    writeFileSync(pathOf(folder, made), bytes);
    const stream = await store.open(made);
    expect(stream).toBeDefined();
    let served = 0;
    const reading = (async () => {
      for await (const chunk of stream ?? []) served += (chunk as Buffer).length;
    })();
    await expect(reading).rejects.toThrow('not what was published');
    expect(served).toBeLessThan(made.bytes);
    await expect.poll(() => readdirSync(folder)).toEqual([]);
  });
});

describe('the room for packages', () => {
  /** Packages that were last used this many seconds after 1970. */
  async function packagesOf(...usedAt: readonly number[]) {
    const { store, folder } = aStore();
    const made: Package[] = [];
    for (const seconds of usedAt) {
      const one = await store.keep(archiveOf(noise(4, `${made.length}`)), NEVER);
      utimesSync(pathOf(folder, one), seconds, seconds);
      made.push(one);
    }
    const left = (): Set<string> =>
      new Set(readdirSync(folder).map((name) => `sha256:${name.slice(0, 64)}`));
    const at = (index: number): string => made[index]?.hash ?? '';
    return { store, made, at, left };
  }

  it('goes without what no version lists, but for what may be published yet', async () => {
    const { store, made, at, left } = await packagesOf(1_000, 1_001, 1_002);
    const request = { listed: new Set([at(0)]), unusedSince: 1_002_000, maxBytes: 10_000 };
    const gone = [{ hash: at(1), bytes: made[1]?.bytes, isListed: false }];
    expect(await store.prune({ ...request, dryRun: true })).toEqual(gone);
    expect(left().size).toBe(3);
    expect(await store.prune(request)).toEqual(gone);
    expect(left()).toEqual(new Set([at(0), at(2)]));
  });

  it('is bounded: what was longest not opened goes, listed or not', async () => {
    const { store, made, at, left } = await packagesOf(1_000, 1_001, 1_002);
    const [first] = made;
    if (first !== undefined) await store.open(first).then((stream) => stream && buffer(stream));
    const listed = new Set([at(0), at(1), at(2)]);
    const gone = await store.prune({ listed, unusedSince: 0, maxBytes: 400 });
    expect(gone).toEqual([{ hash: at(1), bytes: made[1]?.bytes, isListed: true }]);
    expect(left()).toEqual(new Set([at(0), at(2)]));
  });

  it.skipIf(noDisk !== undefined)('that is full refuses, and keeps what is there', async () => {
    const disk = mountSmallDisk('256k');
    const store = new PackageStore({ folder: join(disk.path, 'packages') });
    const made = await store.keep(archiveOf('x'), NEVER);
    disk.fill();
    await expect(store.keep(archiveOf(noise(20_000)), NEVER)).rejects.toMatchObject({
      code: 'PACKAGE_UNAVAILABLE',
      message: expect.stringContaining('check the data directory and its disk') as unknown,
    });
    const stream = await store.open(made);
    expect(stream && gunzipSync(await buffer(stream)).toString()).toBe('x');
    disk.free();
    expect(readdirSync(join(disk.path, 'packages'))).toEqual([pathOf('', made)]);
  });
});

/** What compression makes no smaller. */
function noise(length: number, seed = ''): Buffer {
  const parts = Array.from({ length }, (_, index) =>
    createHash('sha256').update(`${seed}${index}`).digest(),
  );
  return Buffer.concat(parts);
}
