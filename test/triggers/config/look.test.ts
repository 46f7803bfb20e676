import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { LOOK_LIMITS, lookAt } from '../../../src/triggers/config/look.js';
import type { LookLimits } from '../../../src/triggers/config/walk.js';
import { tempDataDir } from '../../helpers/temp-registry.js';

let root: string;
let directory: string;

beforeEach(() => {
  root = tempDataDir();
  directory = join(root, 'config');
  mkdirSync(directory);
});

const at = (path: string): string => join(directory, path);

function write(path: string, text: string | Buffer = 'x'): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}

/** Each path that was found: `file`, or why it is not read. */
async function found(limits: LookLimits = LOOK_LIMITS): Promise<Record<string, string>> {
  const look = await lookAt(directory, limits);
  if (look.kind !== 'present') return { '.': `${look.kind}: ${look.message}` };
  return Object.fromEntries(
    [...look.entries].map(([path, entry]) => [path, entry.kind === 'file' ? 'file' : entry.reason]),
  );
}

describe('lookAt', () => {
  it('finds manifests by their names, in plain subfolders too', async () => {
    for (const path of ['a.yaml', 'b.yml', 'c.json', 'one/two/d.yaml', 'e f.yaml']) write(path);
    for (const path of ['README.md', 'a.yaml.bak', 'yaml', 'B.YAML', 'x.yaml~', '4913'])
      write(path);
    for (const path of ['.a.yaml', '.a.yaml.swp', '..b.yaml', '.git/f.yaml', '.#a.yaml'])
      write(path);
    expect(Object.keys(await found()).toSorted()).toEqual([
      'a.yaml',
      'b.yml',
      'c.json',
      'e f.yaml',
      'one/two/d.yaml',
    ]);
  });

  it('follows links that stay inside, through hidden folders too', async () => {
    write('a.yaml');
    write('..2026/b.yaml');
    write('..2026/sub/c.yaml');
    symlinkSync('..2026', at('..data'));
    symlinkSync('..data/b.yaml', at('b.yaml'));
    symlinkSync('..data/sub', at('sub'));
    symlinkSync('a.yaml', at('alias.yaml'));
    expect(await found()).toEqual({
      'a.yaml': 'file',
      'alias.yaml': 'file',
      'b.yaml': 'file',
      'sub/c.yaml': 'file',
    });
  });

  it('refuses links that lead out, nowhere or round', async () => {
    write('sub/a.yaml');
    writeFileSync(join(root, 'secret.yaml'), 'x');
    mkdirSync(join(root, 'config-other'));
    writeFileSync(join(root, 'config-other', 'b.yaml'), 'x');
    symlinkSync('../secret.yaml', at('out.yaml'));
    symlinkSync(join(root, 'secret.yaml'), at('absolute.yaml'));
    symlinkSync('../config-other', at('sibling'));
    symlinkSync('../config-other/b.yaml', at('sibling.yaml'));
    symlinkSync('/dev/zero', at('zero.yaml'));
    symlinkSync('nothing', at('nothing.yaml'));
    symlinkSync('self.yaml', at('self.yaml'));
    symlinkSync('..', at('sub/up'));
    symlinkSync('.', at('here'));
    symlinkSync('sub', at('again'));
    symlinkSync('/etc/hostname', at('README'));
    const out = 'Leads out of the config directory';
    const twice = 'Leads to a folder that is read already';
    expect(await found()).toEqual({
      'absolute.yaml': out,
      'out.yaml': out,
      sibling: out,
      'sibling.yaml': out,
      'zero.yaml': out,
      again: twice,
      here: twice,
      'sub/up': twice,
      'nothing.yaml': 'Is a symbolic link that leads to nothing',
      'self.yaml': 'Is a symbolic link that leads to itself',
      'sub/a.yaml': 'file',
    });
  });

  it('refuses what is not a regular file of bearable size', async () => {
    execFileSync('mkfifo', [at('pipe.yaml')]);
    symlinkSync('pipe.yaml', at('link.yaml'));
    mkdirSync(at('folder.yaml'));
    write('folder.yaml/inside.yaml');
    write('large.yaml', Buffer.alloc(256 * 1024 + 1));
    write('full.yaml', Buffer.alloc(256 * 1024));
    expect(await found()).toEqual({
      'pipe.yaml': 'Is not a regular file',
      'link.yaml': 'Is not a regular file',
      'folder.yaml': 'Is a folder with the name of a file',
      'large.yaml': 'Is larger than 256 KiB',
      'full.yaml': 'file',
    });
  });

  it('refuses names that would deceive, and shows them without', async () => {
    write('a\nb.yaml');
    write('a\u001b[2Jb.yaml');
    write('\u202elmay.yaml');
    writeFileSync(
      Buffer.concat([Buffer.from(at('bad')), Buffer.from([0xff]), Buffer.from('.yaml')]),
      'x',
    );
    const entries = await found();
    expect(new Set(Object.values(entries))).toEqual(new Set(['Has a name that cannot be shown']));
    expect(Object.keys(entries)).toHaveLength(4);
    for (const name of Object.keys(entries)) expect(name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('gives a file another signature when its content changed', async () => {
    const signature = async (): Promise<unknown> => {
      const look = await lookAt(directory);
      return look.kind === 'present' ? look.entries.get('a.yaml') : undefined;
    };
    write('a.yaml', 'one');
    const before = await signature();
    expect(await signature()).toEqual(before);
    // The same size and the same modification time.
    execFileSync('sh', ['-c', 'cp -p a.yaml b && printf two > a.yaml && touch -r b a.yaml'], {
      cwd: directory,
    });
    expect(await signature()).not.toEqual(before);
  });

  it.each([
    ['files', { files: 2 }, 'has more than 2 files'],
    ['bytes', { totalBytes: 4 }, 'has more than 4 bytes'],
    ['entries', { entries: 3 }, 'has more than 3 entries'],
  ])('gives up on too many %s', async (_what, limit, text) => {
    for (const path of ['a.yaml', 'sub/b.yaml', 'sub/c.yaml']) write(path, 'xx');
    expect(await found({ ...LOOK_LIMITS, ...limit })).toEqual({
      '.': `unreadable: Config directory "${directory}" ${text}`,
    });
  });

  it('tells a directory that is missing from one that cannot be listed', async () => {
    rmSync(directory, { recursive: true });
    expect(await found()).toEqual({
      '.': `missing: Config directory "${directory}" does not exist`,
    });
    writeFileSync(directory, '');
    expect(await found()).toEqual({
      '.': `unreadable: Config directory "${directory}" is not a directory`,
    });
    rmSync(directory);
    symlinkSync('config', directory);
    expect(await found()).toEqual({
      '.': `unreadable: Config directory "${directory}" cannot be read (ELOOP)`,
    });
  });

  it('finds what is in a directory that is a link itself', async () => {
    write('a.yaml');
    symlinkSync('config', join(root, 'link'));
    const look = await lookAt(join(root, 'link'));
    expect(look.kind === 'present' && [...look.entries.keys()]).toEqual(['a.yaml']);
  });
});
