import { describe, expect, test } from 'vitest';
import { findings } from '../../../helpers/trees.js';
import type { Standing } from '../../../helpers/trees.js';

const link = (target: string): Standing => ({ target });

describe('tree/symlinks', () => {
  const files = { 'src/a.py': 'x', 'docs/b.md': 'x' };

  test.each([
    ['src/l', 'a.py'],
    ['src/l', '../docs/b.md'],
    ['src/l', './../src/../docs/./b.md'],
    ['l', 'src'],
    ['l', 'nothing/that/is/there'],
    ['src/l', '..'],
    ['l', 'src..'],
    ['l', '.gitignore'],
  ])('%s may lead to %s', async (path, target) => {
    expect(await findings('tree/symlinks', { ...files, [path]: link(target) })).toEqual(['passed']);
  });

  test.each([
    ['l', '/etc/passwd', 'absolute'],
    ['l', '..', 'out of'],
    ['l', '../x', 'out of'],
    ['src/l', '../../x', 'out of'],
    ['src/l', '../docs/../../tree/src/a.py', 'out of'],
    ['l', 'l', 'itself'],
    ['l', '', 'nowhere'],
    ['l', '.git/config', 'what git keeps'],
  ])('%s may not lead to "%s"', async (path, target, message) => {
    const found = await findings('tree/symlinks', { ...files, [path]: link(target) });
    expect(found).toEqual([expect.stringContaining(message)]);
    expect(found[0]).toMatch(new RegExp(`^${path}: `));
  });

  test('what a symlink leads to through another one counts', async () => {
    const tree = { 'a/b/deep': link('../..'), up: link('a/b/deep/..'), 'x/y': link('../up/z') };
    const found = await findings('tree/symlinks', { 'a/b/c': 'x', ...tree });
    expect(found.map((line) => line.split(':')[0])).toEqual(['up', 'x/y']);
  });

  test('links in a circle are found, each of them', async () => {
    const found = await findings('tree/symlinks', { a: link('b'), b: link('a') });
    expect(found).toHaveLength(2);
  });

  test('a target never reaches a terminal as it is', async () => {
    const found = await findings('tree/symlinks', { l: link('/\u001b[31m') });
    expect(found[0]).toContain('/?[31m');
  });
});

test('tree/special-files finds devices, sockets and pipes', async () => {
  const tree = { 'a.py': 'x', 'run/pipe': { type: 'special' } as const };
  expect(await findings('tree/special-files', tree)).toEqual([
    'run/pipe: It is a device, socket or pipe',
  ]);
  expect(await findings('tree/special-files', { 'a.py': 'x', l: link('a') })).toEqual(['passed']);
});

test('tree/set-id-files finds files that lend rights, and no folder that hands its group down', async () => {
  const tree: Record<string, Standing> = {
    ...{ u: { mode: 0o4755 }, g: { mode: 0o2755 }, both: { mode: 0o6755 }, x: { mode: 0o1777 } },
    folder: { type: 'folder', mode: 0o2775 },
  };
  expect(await findings('tree/set-id-files', tree)).toEqual([
    'both: The file is set-uid (mode 6755)',
    'g: The file is set-gid (mode 2755)',
    'u: The file is set-uid (mode 4755)',
  ]);
});

test('tree/world-writable finds files and folders, and no symlink', async () => {
  const tree: Record<string, Standing> = {
    ...{ a: { mode: 0o666 }, b: { mode: 0o664 }, l: link('a') },
    d: { type: 'folder', mode: 0o777 },
  };
  expect(await findings('tree/world-writable', tree)).toEqual([
    'a: Everybody can write to it (mode 666)',
    'd: Everybody can write to it (mode 777)',
  ]);
});

describe('tree/name-clashes', () => {
  test.each([
    ['README.md', 'Readme.md'],
    ['src/a.py', 'SRC/a.py'],
    ['caf\u00e9', 'cafe\u0301'],
  ])('%s and %s are one to some', async (one, other) => {
    const found = await findings('tree/name-clashes', { [one]: 'x', [other]: 'x' });
    expect(found.join()).toContain('only in case or Unicode form');
  });

  test.each([
    ['a.py', 'a.pyc'],
    ['a/README', 'b/README'],
    ['cafe', 'caf\u00e9'],
  ])('%s and %s are two', async (one, other) => {
    expect(await findings('tree/name-clashes', { [one]: 'x', [other]: 'x' })).toEqual(['passed']);
  });
});

describe('tree/deceptive-names', () => {
  test.each(['a\u202egpj.exe', 'a\u200bb', 'a\u001b[2Jb', 'a\nb', 'a\u2066b', '\ufeffa'])(
    '%j is found, and shown without',
    async (name) => {
      const [found] = await findings('tree/deceptive-names', { [`src/${name}`]: 'x' });
      expect(found).toMatch(/^src\/.*: The name has the character U\+[0-9A-F]{4} in it$/);
    },
  );

  test.each(['größe', 'файл', '名前.txt', 'a b', 'é', 'a-b_c+d@2x.png'])(
    '%s is fine',
    async (name) => {
      expect(await findings('tree/deceptive-names', { [name]: 'x' })).toEqual(['passed']);
    },
  );
});

test('tree/path-lengths counts bytes, up to what the policy says', async () => {
  const [long, fits] = [`a/${'ü'.repeat(50)}`, `b/${'u'.repeat(50)}`];
  const parameters = { maxBytes: 60 };
  const found = await findings('tree/path-lengths', { [long]: 'x', [fits]: 'x' }, { parameters });
  expect(found).toEqual([`${long}: The path has 102 bytes, more than 60`]);
  expect(await findings('tree/path-lengths', { [long]: 'x' })).toEqual(['passed']);
});

test('tree/large-files goes by what the policy says', async () => {
  const tree = { big: { size: 3 * 1024 * 1024 }, small: { size: 2 * 1024 * 1024 } };
  expect(await findings('tree/large-files', tree)).toEqual(['passed']);
  const parameters = { maxBytes: 2 * 1024 * 1024 };
  expect(await findings('tree/large-files', tree, { parameters })).toEqual([
    'big: The file has 3.0 MiB, more than 2.0 MiB',
  ]);
});
