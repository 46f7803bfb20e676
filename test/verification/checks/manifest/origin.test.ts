import { describe, expect, test } from 'vitest';
import { REGISTRAR_RANGE_ANNOTATION } from '../../../../src/model/names.js';
import {
  aManifest,
  aManifestSubject,
  foundIn,
  resultOf,
  told,
} from '../../../helpers/check-results.js';

describe('manifest/license', () => {
  const check = 'manifest/license';
  test.each([
    ['MIT', 'passed'],
    ['MIT OR LicenseRef-x', 'passed'],
    ['MIT AND Apache-2.0', 'passed'],
    ['GPL-3.0-only', 'passed'],
    ['GPL-2.0-or-later WITH Classpath-exception-2.0', 'passed'],
    ['(MIT OR BUSL-1.1) AND ISC', 'passed'],
    ['BUSL-1.1', 'failed: spec.license: "BUSL-1.1" is not satisfied'],
    ['MIT AND LicenseRef-x', 'failed'],
    ['LicenseRef-x', 'failed'],
    ['DocumentRef-a:LicenseRef-b', 'failed'],
    ['NOASSERTION', 'failed'],
  ])('%s: %s', async (license, expected) => {
    expect(await foundIn(check, { license })).toContain(expected);
  });

  test.each([
    ['LicenseRef-x', ['LicenseRef-x'], 'passed'],
    ['NOASSERTION', ['NOASSERTION'], 'passed'],
    ['GPL-3.0-only', ['GPL-2.0-only'], 'failed'],
    ['MIT', ['not a licence', 'MIT'], 'passed'],
    ['MIT', ['MIT AND ISC'], 'failed'],
    ['MIT', [], 'failed'],
  ])('%s when %j is allowed: %s', async (license, allowed, expected) => {
    expect(await foundIn(check, { license }, { allowed })).toContain(expected);
  });

  test('an expression that would be long when written out is answered too', async () => {
    const license = Array.from({ length: 15 }, () => '(0BSD OR X11)').join('AND');
    expect(await foundIn(check, { license }, { allowed: ['MIT'] })).toMatch(/^failed/);
  });
});

const from = (repoUrl: string, more: object = {}) => ({ source: { repoUrl, ...more } });

describe('the repository', () => {
  test.each([
    ['https://example.org/a.git', 'passed'],
    ['HTTPS://example.org/a.git', 'passed'],
    ['ssh://git@example.org/a', 'passed'],
    ['git@example.org:a/b.git', 'passed'],
    ['http://example.org/a', 'failed: spec.source.repoUrl: Scheme "http" is not allowed'],
    ['git://example.org/a', 'failed'],
    ['file:///srv/a', 'failed'],
    ['/srv/a', 'failed: spec.source.repoUrl: It has no scheme'],
    ['ext::sh -c id', 'failed'],
    ['-oProxyCommand=id', 'failed'],
  ])('scheme of %s: %s', async (repoUrl, expected) => {
    expect(await foundIn('manifest/repository-scheme', from(repoUrl))).toContain(expected);
  });

  test('a policy admits other schemes, and only those that there are', async () => {
    const file = from('file:///srv/a');
    const check = 'manifest/repository-scheme';
    expect(await foundIn(check, file, { schemes: ['file'] })).toBe('passed');
    expect(await foundIn(check, file, { schemes: [] })).toMatch(/only none$/);
    await expect(foundIn(check, file, { schemes: ['ext'] })).rejects.toThrow(/cannot be used/);
  });

  test.each([
    ['https://github.com/a/b', 'passed'],
    ['https://GitHub.com./a/b', 'passed'],
    ['git@github.com:a/b', 'passed'],
    ['ssh://git@GITHUB.COM:22/a', 'passed'],
    ['https://git.example.org/a', 'passed'],
    ['https://example.org/a', 'failed: spec.source.repoUrl: Host "example.org" is not allowed'],
    ['https://github.com.evil.example/a', 'failed'],
    ['https://evil.example/github.com', 'failed'],
    ['https://github.com@evil.example/', 'failed: spec.source.repoUrl: Host "evil.example"'],
    ['ssh://evil.example%2f@github.com.evil.example/', 'failed'],
    ['git@github.com?.evil.example:a', 'failed: spec.source.repoUrl: No host'],
    ['ssh://git@github.com%2f.evil.example/a', 'failed: spec.source.repoUrl: No host'],
    ['https://0x7f.1/a', 'failed: spec.source.repoUrl: Host "127.0.0.1"'],
    ['/srv/a', 'failed'],
    ['file:///srv/a', 'notApplicable'],
  ])('host of %s: %s', async (repoUrl, expected) => {
    const hosts = ['GitHub.com', '*.example.org'];
    expect(await foundIn('manifest/repository-host', from(repoUrl), { hosts })).toContain(expected);
  });

  test('every host is fine by itself', async () => {
    expect(await foundIn('manifest/repository-host', from('https://any.example/a'))).toBe('passed');
    expect(await foundIn('manifest/repository-host', {})).toMatch(/^notApplicable/);
  });
});

const url = 'https://example.org/a';
test.each([
  ['commit-pinned', from(url, { commit: 'a'.repeat(40) }), 'passed'],
  ['commit-pinned', from(url), 'failed: spec.source.commit'],
  ['commit-pinned', {}, 'notApplicable'],
  ['version-tag', from(url, { branch: 'v1.4.2' }), 'passed'],
  ['version-tag', from(url, { branch: '1.4.2' }), 'passed'],
  ['version-tag', from(url, { branch: 'refs/tags/v1.4.2' }), 'passed'],
  [
    'version-tag',
    from(url, { branch: 'v1.4.1' }),
    'failed: spec.source.branch: "v1.4.1" is another',
  ],
  ['version-tag', from(url, { branch: 'v1.4.2-rc.1' }), 'failed'],
  ['version-tag', from(url, { branch: 'main' }), 'notApplicable'],
  ['version-tag', from(url, { branch: 'v1.4' }), 'notApplicable'],
  ['release-version', { version: '1.0.0' }, 'passed'],
  ['release-version', { version: '1.0.0+build.1' }, 'passed'],
  ['release-version', { version: '1.0.0-rc.1' }, 'failed: spec.version'],
])('manifest/%s of %j: %s', async (id, spec, expected) => {
  expect(await foundIn(`manifest/${id}`, spec)).toContain(expected);
});

describe('manifest/registrar-range', () => {
  const found = async (range: string, registrarVersion: string) => {
    const manifest = aManifest({}, { [REGISTRAR_RANGE_ANNOTATION]: range });
    const subject = aManifestSubject(manifest, { registrarVersion });
    return told(await resultOf('manifest/registrar-range', { manifest: subject }));
  };

  test.each([
    ['>=0.2 <2', '0.3.0', 'passed'],
    ['^0.3', '0.3.1-dev.2', 'passed'],
    ['*', '0.3.0', 'passed'],
    ['^0.2', '0.3.0', 'failed: metadata.annotations["registrar.synapsis.network/registrar-range"]'],
    ['not a range', '0.3.0', 'is no range'],
    [`^0.${'3'.repeat(5000)}`, '0.3.0', 'is no range'],
  ])('%j for %s: %s', async (range, version, expected) => {
    expect(await found(range, version)).toContain(expected);
  });

  test('a manifest without the annotation is for all versions', async () => {
    expect(await foundIn('manifest/registrar-range', {})).toMatch(/^notApplicable/);
  });
});

test.each([
  [[{ name: 'chain', version: '^2.1' }], 'passed'],
  [[{ name: 'chain' }], 'passed'],
  [
    [{ name: 'chain', version: '^3' }],
    'failed: spec.dependsOn[0]: Module "chain": its version 2.2.0 is not in "^3"',
  ],
  [[{ name: 'other' }], 'failed: spec.dependsOn[0]: Module "other": it does not exist'],
  [[], 'notApplicable'],
])('manifest/dependencies of %j: %s', async (dependsOn, expected) => {
  const modules = new Map([['chain', '2.2.0']]);
  const subject = aManifestSubject(aManifest({ dependsOn }), { modules });
  expect(told(await resultOf('manifest/dependencies', { manifest: subject }))).toContain(expected);
});
