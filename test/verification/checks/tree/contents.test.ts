import { describe, expect, test } from 'vitest';
import { aBuilt } from '../../../helpers/built.js';
import { findings } from '../../../helpers/trees.js';
import type { Standing } from '../../../helpers/trees.js';

const bytes = (hex: string, length = 512): Buffer => {
  const head = Buffer.from(hex, 'hex');
  return Buffer.concat([head, Buffer.alloc(length - head.length)]);
};

/** A program for Windows: a header that says where the other one is, 128 bytes on. */
function windowsProgram(): Buffer {
  const head = bytes('4d5a9000');
  head.writeUInt32LE(128, 60);
  head.write('PE\0\0', 128, 'latin1');
  return head;
}

describe('tree/binaries', () => {
  test.each([
    ['ELF', bytes('7f454c4602010100')],
    ['PE', windowsProgram()],
    ['Mach-O', bytes('cffaedfe07000001')],
    ['Mach-O', bytes('feedface00000012')],
    ['Mach-O', bytes('cafebabe00000002')],
  ])('knows a program (%s)', async (kind, content) => {
    expect(await findings('tree/binaries', { 'bin/tool': content })).toEqual([
      expect.stringMatching(new RegExp(`^bin/tool: It is a program for .*${kind}`)),
    ]);
  });

  test.each<[string, Standing]>([
    ['a class of Java', bytes('cafebabe0000003d')],
    [
      'a text that begins with MZ',
      'MZ is what such programs begin with, and more text follows here, to 64',
    ],
    ['a short file', 'MZ'],
    ['a script', '#!/bin/sh\nexec true\n'],
    ['a picture', bytes('89504e470d0a1a0a')],
    ['nothing', ''],
  ])('takes %s for none', async (_what, content) => {
    expect(await findings('tree/binaries', { file: content })).toEqual(['passed']);
  });
});

describe('tree/archives', () => {
  const tar = bytes('');
  tar.write('ustar', 257);

  test.each([
    ['zip', bytes('504b0304')],
    ['gzip', bytes('1f8b0800')],
    ['xz', bytes('fd377a585a00')],
    ['bzip2', bytes('425a6839')],
    ['7z', bytes('377abcaf271c')],
    ['zstd', bytes('28b52ffd')],
    ['tar', tar],
  ])('notes an archive (%s)', async (kind, content) => {
    expect(await findings('tree/archives', { 'data/a': content })).toEqual([
      `data/a: It is an archive (${kind})`,
    ]);
  });

  test('goes by what is in the file, not by its name', async () => {
    expect(await findings('tree/archives', { 'a.zip': 'none', 'a.tar': '' })).toEqual(['passed']);
  });
});

describe('tree/submodules', () => {
  test('finds their folders', async () => {
    const tree: Record<string, Standing> = { lib: { type: 'submodule' }, '.gitmodules': 'x' };
    expect(await findings('tree/submodules', tree)).toEqual(['lib: It is a submodule']);
  });

  test('finds them named', async () => {
    expect(await findings('tree/submodules', { '.gitmodules': 'x' })).toEqual([
      '.gitmodules: It names submodules',
    ]);
  });

  test('finds none in folders', async () => {
    expect(await findings('tree/submodules', { 'lib/a': 'x' })).toEqual(['passed']);
  });
});

describe('tree/lfs-pointers', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`;

  test('finds what stands for contents', async () => {
    expect(await findings('tree/lfs-pointers', { 'model.bin': pointer, 'a.py': 'x' })).toEqual([
      'model.bin: Its contents are kept elsewhere (Git LFS)',
    ]);
  });

  test('passes over what tells of it', async () => {
    const tree = { 'README.md': `A pointer: ${pointer}`, long: pointer + 'x'.repeat(2_000) };
    expect(await findings('tree/lfs-pointers', tree)).toEqual(['passed']);
  });
});

describe('tree/bidi-text', () => {
  test('finds text that is shown in another order', async () => {
    const tree = { 'a.py': "x = 1\nif admin != 'user\u202e \u2066# check\u2069 \u2066':\n" };
    expect(await findings('tree/bidi-text', tree)).toEqual(['a.py:2: U+202E is in the text']);
  });

  test('tells of a file five times at most', async () => {
    const tree = { 'ar.po': 'msgstr "\u2067x\u2069"\n'.repeat(50), 'b.py': '\u202a' };
    expect(await findings('tree/bidi-text', tree)).toHaveLength(6);
    const parameters = { ignore: ['*.po'] };
    expect(await findings('tree/bidi-text', tree, { parameters })).toHaveLength(1);
  });

  test('has nothing against other languages, and escapes', async () => {
    const tree = {
      'a.txt': 'שלום \u0645\u0631\u062d\u0628\u0627 größe 👩‍💻',
      'b.py': String.raw`"\u202e"`,
    };
    expect(await findings('tree/bidi-text', tree)).toEqual(['passed']);
  });
});

describe('tree/dockerignore', () => {
  const Dockerfile = 'FROM a:1\nCOPY . /app\n';
  const manifest = aBuilt();
  const stranger = { '.github/workflows/ci.yml': 'x' };

  test('tells what is copied along', async () => {
    const tree = { Dockerfile, ...stranger, '.dockerignore': '# nothing\n\n' };
    expect(await findings('tree/dockerignore', tree, { manifest })).toEqual([
      'Dockerfile:2: All of the folder is copied, ".github" too',
    ]);
  });

  test('goes by the folder that is built', async () => {
    const tree = { 'miner/Dockerfile': Dockerfile, ...stranger };
    expect(await findings('tree/dockerignore', tree, { manifest: aBuilt({}, 'miner') })).toEqual([
      'passed',
    ]);
  });

  test.each([
    [{ Dockerfile, ...stranger, '.dockerignore': '.github\n' }, /^passed/],
    [{ Dockerfile, 'a.py': 'x' }, /^passed/],
    [{ Dockerfile: 'FROM a:1\nCOPY src /app\n', ...stranger }, /^notApplicable/],
    [
      { Dockerfile: 'FROM a:1 AS b\nFROM c:1\nCOPY --from=b . /app\n', ...stranger },
      /^notApplicable/,
    ],
    [stranger, /^notApplicable/],
  ])('has nothing to say otherwise (%#)', async (tree, expected) => {
    const found = await findings('tree/dockerignore', tree, { manifest });
    expect(found).toEqual([expect.stringMatching(expected)]);
  });
});

describe('tree/env-contract', () => {
  const example =
    'NETUID=17\nAPI_KEY=\n# OPTIONAL=\nexport WALLET=<name of the wallet>\nLOG=info\n';
  const Dockerfile = 'FROM a:1 AS build\nENV BUILD_ONLY=1\nFROM b:1\nENV WALLET=default\n';

  test('tells what nothing sets', async () => {
    expect(
      await findings('tree/env-contract', { '.env.example': example }, { manifest: aBuilt() }),
    ).toEqual([
      '.env.example:2: Nothing sets "API_KEY", which the example leaves open',
      '.env.example:4: Nothing sets "WALLET", which the example leaves open',
    ]);
  });

  test('takes what the manifest and the last stage of the Dockerfile set', async () => {
    const manifest = aBuilt({ env: [{ name: 'API_KEY', value: '' }] });
    const tree = { Dockerfile, '.env.sample': `${example}BUILD_ONLY=\n` };
    expect(await findings('tree/env-contract', tree, { manifest })).toEqual([
      '.env.sample:6: Nothing sets "BUILD_ONLY", which the example leaves open',
    ]);
  });

  test('goes by examples in the folder that is built', async () => {
    const tree = {
      'miner/env.template': 'A=',
      '.env.example': 'B=',
      'miner/docs/.env.example': 'C=',
    };
    expect(await findings('tree/env-contract', tree, { manifest: aBuilt({}, 'miner') })).toEqual([
      'miner/env.template:1: Nothing sets "A", which the example leaves open',
    ]);
  });

  test('has nothing to look at without one', async () => {
    expect(await findings('tree/env-contract', { '.env': 'A=' }, { manifest: aBuilt() })).toEqual([
      'notApplicable: No example says what it needs',
    ]);
  });
});
