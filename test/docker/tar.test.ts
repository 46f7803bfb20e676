import { fc, test as property } from '@fast-check/vitest';
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { TAR_BLOCK, folderArchive, readEntry } from '../../src/docker/tar.js';

const smallId = fc.integer({ min: 0, max: 0o7777777 });

property.prop([smallId, smallId])('an owner is read as it was written', (uid, gid) => {
  const archive = folderArchive('volume', uid, gid);
  expect(readEntry(archive)).toEqual({ isFolder: true, uid, gid, size: 0 });
  expect(readEntry(archive.subarray(TAR_BLOCK))).toBeUndefined();
});

test.each([0, 65532, 2097151, 2097152, 4294967294])('tar understands owner %i', (id) => {
  const input = folderArchive('volume', id, id);
  const listing = execFileSync('tar', ['--numeric-owner', '-tvf', '-'], {
    input,
    encoding: 'utf8',
  });
  expect(listing).toMatch(new RegExp(`^drwxr-xr-x ${id}/${id} .* volume/\n$`));
});

test('what is no header is no entry, and a number in another notation is no owner', () => {
  expect(readEntry(Buffer.alloc(0))).toBeUndefined();
  expect(readEntry(Buffer.alloc(TAR_BLOCK))).toBeUndefined();
  expect(readEntry(folderArchive('volume', 4294967294, 0))).toMatchObject({ uid: Number.NaN });
});
