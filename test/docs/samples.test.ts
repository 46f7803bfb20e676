import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/manifest/parse.js';
import { blocksOf, pages, readPage } from '../helpers/markdown.js';

const samples = ['config', 'manifests'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name)),
);

/** The manifests that a page shows: blocks of YAML, and files that its commands write. */
function manifestsIn(page: string): string[] {
  const written = /<<'END'\n([^]*?)^END$/gm;
  return blocksOf(page)
    .flatMap(({ language, text }) =>
      language === 'yaml' ? [text] : [...text.matchAll(written)].map(([, body = '']) => body),
    )
    .filter((text) => text.includes('apiVersion:'));
}

describe.each(samples)('%s', (path) => {
  it('is a good manifest', () => {
    const { manifests, problems } = parseManifests(readFileSync(path, 'utf8'), path);
    expect(problems).toEqual([]);
    expect(manifests).not.toEqual([]);
  });
});

describe('samples', () => {
  it.each(['config', 'manifests'])('of %s have a name each', (folder) => {
    const names = samples
      .filter((path) => path.startsWith(`${folder}/`))
      .flatMap((path) => parseManifests(readFileSync(path, 'utf8'), path).manifests)
      .map(({ manifest }) => manifest.metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(pages())('%s', (path) => {
  const shown = manifestsIn(readPage(path));

  it('shows good manifests', () => {
    expect(shown.flatMap((text) => parseManifests(text, path).problems)).toEqual([]);
  });
});

it('README.md shows a manifest', () => {
  const [text = '', ...others] = manifestsIn(readPage('README.md'));
  expect(others).toEqual([]);
  expect(parseManifests(text, 'x').manifests).toHaveLength(1);
});
