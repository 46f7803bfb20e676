import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { knownLicences } from '../../../../src/verification/licence/known-licences.js';
import { recogniseLicence } from '../../../../src/verification/licence/recognise.js';
import { aManifest } from '../../../helpers/builders.js';
import { findings } from '../../../helpers/trees.js';
import type { Standing } from '../../../helpers/trees.js';

const load = createRequire(import.meta.url);
const textOf = (id: string): string =>
  (load(`spdx-license-list/licenses/${id}.json`) as { licenseText: string }).licenseText;

/** As a project has it: with a name, its own copyright, and lines of another length. */
const inProject = (id: string): string =>
  `The licence of Echo Miner\n\nCopyright (c) 2026 Ada & contributors\n\n${textOf(id)
    .replaceAll(/^Copyright \(c\).*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/(.{60,70}) /g, '$1\n')}\n`;

async function of(license: string, files: Readonly<Record<string, Standing>>, path = '.') {
  const source = { ...{ repoUrl: 'https://r.example/a.git', branch: 'main' }, commit: '', path };
  const manifest = aManifest('web', {
    ...{ license, image: '' },
    source: { ...source, dockerfile: 'Dockerfile' },
  });
  return findings('tree/licence', files, { manifest });
}

test('no known licence is taken for another one', () => {
  const ids = knownLicences().map(({ id, text }) => [id, recogniseLicence(text).id]);
  expect(ids.filter(([id, taken]) => id !== taken)).toEqual([]);
});

test.each(['MIT', 'Apache-2.0', 'BSD-3-Clause', 'ISC', '0BSD', 'MPL-2.0', 'Unlicense'])(
  'a text of %s is known as it is in projects',
  async (id) => {
    expect(await of(id, { LICENSE: inProject(id) })).toEqual(['passed']);
  },
);

test.each([
  ['GPL-3.0-only', 'GPL-3.0-only'],
  ['GPL-3.0-or-later', 'GPL-3.0-only'],
  ['MIT OR Apache-2.0', 'MIT'],
  ['(MIT OR Apache-2.0) AND BSD-3-Clause', 'MIT,BSD-3-Clause'],
  ['MIT AND ISC', 'MIT,ISC'],
  ['Apache-2.0 WITH LLVM-exception', 'Apache-2.0'],
  ['GPL-2.0+', 'GPL-2.0-only'],
])('%s is met by the texts of %s', async (license, ids) => {
  const files = ids.split(',').map((id): [string, string] => [`LICENSE-${id}`, textOf(id)]);
  expect(await of(license, Object.fromEntries(files))).toEqual(['passed']);
});

test.each(['LICENSE', 'LICENCE.md', 'COPYING', 'license.txt', 'UNLICENSE'])(
  '%s is a licence file',
  async (name) => {
    expect(await of('MIT', { [name]: textOf('MIT') })).toEqual(['passed']);
  },
);

test.each([
  [{}],
  [{ 'license.py': 'x = 1' }],
  [{ 'docs/LICENSE': textOf('MIT') }],
  [{ LICENSE: { target: 'docs/LICENSE' } }],
])('a source without one is told so (%#)', async (files) => {
  expect(await of('MIT', files)).toEqual([': The source has no licence file']);
});

describe('another licence than the manifest says is found', () => {
  test('of one file', async () => {
    expect(await of('MIT', { LICENSE: textOf('GPL-3.0-only') })).toEqual([
      'LICENSE: It is GPL-3.0, but spec.license says MIT',
    ]);
  });

  test('of the main one, beside the right one', async () => {
    const files = { LICENSE: textOf('AGPL-3.0-only'), 'LICENSE-docs': textOf('MIT') };
    expect(await of('MIT', files)).toEqual(['LICENSE: It is AGPL-3.0, but spec.license says MIT']);
  });

  test('when one of two is missing', async () => {
    expect(await of('MIT AND ISC', { 'LICENSE-MIT': textOf('MIT') })).toEqual([
      ': The source has no text of ISC',
    ]);
  });

  test('when a clause was put in', async () => {
    const text = textOf('MIT').replace(
      'THE SOFTWARE IS',
      'The Software shall be used for Good, not Evil.\n\nTHE SOFTWARE IS',
    );
    expect(await of('MIT', { LICENSE: text })).toEqual([
      'LICENSE: It is JSON, but spec.license says MIT',
    ]);
    const clause = `${textOf('Apache-2.0')}\n"Commons Clause" License Condition v1.0\n`;
    expect(await of('Apache-2.0', { LICENSE: clause })).toEqual([
      'LICENSE: It is Apache-2.0 with other terms in it, "Commons Clause"',
    ]);
  });
});

test('a text that is no known licence is not verified', async () => {
  expect(await of('MIT', { LICENSE: 'Do as you like. All of it is yours.' })).toEqual([
    'notVerified: "LICENSE" is not the text of a licence that is known',
  ]);
  expect(await of('LicenseRef-own', { 'LICENSE-own': textOf('MIT') })).toEqual([
    expect.stringMatching(/^notVerified: The text of LicenseRef-own is not known/),
  ]);
});

test('GPL 3 beside LGPL 3 is what belongs there', async () => {
  const files = { COPYING: textOf('GPL-3.0-only'), 'COPYING.LESSER': textOf('LGPL-3.0-only') };
  expect(await of('LGPL-3.0-or-later', files)).toEqual(['passed']);
});

test('NOASSERTION has nothing to compare', async () => {
  expect(await of('NOASSERTION', {})).toEqual(['notApplicable: The manifest names no licence']);
});

test('a folder of the source has its own licence, or that of the whole', async () => {
  const files = { LICENSE: textOf('MIT'), 'miner/LICENSE': textOf('ISC'), 'other/a.py': 'x' };
  expect(await of('ISC', files, 'miner')).toEqual(['passed']);
  expect(await of('ISC', files, './miner/')).toEqual(['passed']);
  expect(await of('MIT', files, 'other')).toEqual(['passed']);
});
