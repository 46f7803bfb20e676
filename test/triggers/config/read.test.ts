import { execFileSync } from 'node:child_process';
import { appendFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../src/triggers/config/entry.js';
import { lookAt } from '../../../src/triggers/config/look.js';
import { readEntry } from '../../../src/triggers/config/read.js';
import { tempDataDir } from '../../helpers/temp-registry.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = tempDataDir();
  path = join(directory, 'a.yaml');
});

async function entryOf(content: string | Buffer): Promise<FileEntry> {
  writeFileSync(path, content);
  const look = await lookAt(directory);
  const entry = look.kind === 'present' ? look.entries.get('a.yaml') : undefined;
  if (entry?.kind !== 'file') throw new Error('Not found');
  return entry;
}

describe('readEntry', () => {
  it('reads the text of a file', async () => {
    expect(await readEntry(await entryOf('héllo\n'))).toEqual({ kind: 'text', text: 'héllo\n' });
  });

  it('leaves out a byte order mark', async () => {
    expect(await readEntry(await entryOf('\ufeffa: 1'))).toEqual({ kind: 'text', text: 'a: 1' });
  });

  it('refuses what is not UTF-8', async () => {
    const reading = await readEntry(await entryOf(Buffer.from([0x61, 0xff, 0xfe])));
    expect(reading).toMatchObject({ kind: 'unusable', reason: 'Is not UTF-8 text' });
  });

  it.each([
    ['was written to', () => appendFileSync(path, 'more')],
    ['was removed', () => rmSync(path)],
    [
      'was replaced',
      () => {
        writeFileSync(`${path}.new`, 'text');
        renameSync(`${path}.new`, path);
      },
    ],
    [
      'became a link',
      () => {
        rmSync(path);
        symlinkSync('/etc/hostname', path);
      },
    ],
    [
      'became a pipe that nobody writes to',
      () => {
        rmSync(path);
        execFileSync('mkfifo', [path]);
      },
    ],
  ])('does not read a file that %s since the look', async (_what, change) => {
    const entry = await entryOf('text');
    change();
    expect(await readEntry(entry)).toEqual({ kind: 'changed' });
  });
});
