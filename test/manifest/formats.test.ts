import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/manifest/formats.js';

describe('FORMATS', () => {
  it.each([
    ['semver', ['0.0.0', '1.4.2', '1.0.0-rc.1', '1.0.0+build.7', '1.0.0-a.b+c.d']],
    ['spdx', ['MIT', 'GPL-2.0-only WITH Classpath-exception-2.0', 'LicenseRef-x', 'NOASSERTION']],
    ['ip', ['127.0.0.1', '0.0.0.0', '::1', '::ffff:10.0.0.1']],
    ['image-reference-or-empty', ['', 'busybox', 'ghcr.io/a/b:1']],
  ])('%s accepts %.80j', (format, texts) => {
    for (const text of texts) expect(FORMATS[format]?.(text)).toBe(true);
  });

  it.each([
    [
      'semver',
      ['', '1', '1.4', 'v1.4.2', '=1.4.2', ' 1.4.2', '1.4.2 ', '01.4.2', '1.4.2.0', '^1.4'],
    ],
    ['spdx', ['', 'mit', 'MIT or GPL', 'Beerware License', '(', '('.repeat(256), 'NONE']],
    ['ip', ['', 'localhost', '127.0.0.1/8', '256.0.0.1', '[::1]', '127.1']],
    ['image-reference-or-empty', [' ', 'A', 'a b', 'a:', '-v']],
  ])('%s refuses %.80j', (format, texts) => {
    for (const text of texts) expect(FORMATS[format]?.(text)).toBe(false);
  });
});
