import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseDeclared } from '../../src/kinds/declared.js';
import { sealValues } from '../../src/kinds/secret/seal-values.js';
import { SECRET_WRITER } from '../../src/kinds/secret/writer.js';
import type { JsonObject } from '../../src/lib/merge-patch.js';
import { fingerprintOf } from '../../src/model/secret.js';
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
    const { manifests, problems } = parseDeclared(readFileSync(path, 'utf8'), path);
    expect(problems).toEqual([]);
    expect(manifests).not.toEqual([]);
  });
});

describe('samples', () => {
  it.each(['config', 'manifests'])('of %s have a name each', (folder) => {
    const names = samples
      .filter((path) => path.startsWith(`${folder}/`))
      .flatMap((path) => parseDeclared(readFileSync(path, 'utf8'), path).manifests)
      .map(({ manifest }) => manifest.metadata.name);
    expect(new Set(names).size).toBe(names.length);
  });
});

const isSecret = (text: string): boolean => /^kind: Secret$/m.test(text);

describe.each(pages())('%s', (path) => {
  const shown = manifestsIn(readPage(path));

  it('shows good manifests', () => {
    const declared = shown.filter((text) => !isSecret(text));
    expect(declared.flatMap((text) => parseDeclared(text, path).problems)).toEqual([]);
    // These are refused in files: they are what a client sends.
    for (const text of shown.filter(isSecret)) {
      const sent = sealValues(parse(text) as JsonObject, () => fingerprintOf('0'.repeat(64)));
      expect(() => SECRET_WRITER.draft(sent, undefined, 'strict')).not.toThrow();
    }
  });
});

it('README.md shows a manifest', () => {
  const [text = '', ...others] = manifestsIn(readPage('README.md'));
  expect(others).toEqual([]);
  expect(parseDeclared(text, 'x').manifests).toHaveLength(1);
});
