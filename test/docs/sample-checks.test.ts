import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseDeclared } from '../../src/kinds/declared.js';
import { blocks } from '../../src/model/verdict.js';
import { settingsOf } from '../../src/verification/settings.js';
import { verify } from '../../src/verification/verify.js';
import { aManifestSubject } from '../helpers/check-results.js';

const samples = ['config', 'manifests'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => join(folder, name)),
);

test.each(samples)('%s has nothing in it that blocks without a policy', async (path) => {
  const settings = settingsOf('none', { checks: [] });
  for (const { manifest } of parseDeclared(readFileSync(path, 'utf8'), path).manifests) {
    if (manifest.kind !== 'Module') continue;
    const results = await verify({ manifest: aManifestSubject(manifest) }, settings);
    expect(results.filter(blocks)).toEqual([]);
  }
});
