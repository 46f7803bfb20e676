import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseImageReference } from '../../src/model/image-reference.js';

const digest = `sha256:${'a1'.repeat(32)}`;

describe('parseImageReference()', () => {
  it.each([
    ['busybox', 'docker.io', 'library/busybox', undefined, undefined],
    ['busybox:1.36', 'docker.io', 'library/busybox', '1.36', undefined],
    ['docker.io/busybox', 'docker.io', 'library/busybox', undefined, undefined],
    ['registrar-sample/busybox:1', 'docker.io', 'registrar-sample/busybox', '1', undefined],
    ['ghcr.io/a/b/c:v1', 'ghcr.io', 'a/b/c', 'v1', undefined],
    ['localhost/a', 'localhost', 'a', undefined, undefined],
    ['localhost:5000/a', 'localhost:5000', 'a', undefined, undefined],
    ['[::1]:5000/a:x', '[::1]:5000', 'a', 'x', undefined],
    ['Host/a', 'Host', 'a', undefined, undefined],
    [`a/b@${digest}`, 'docker.io', 'a/b', undefined, digest],
    [`a/b:1@${digest}`, 'docker.io', 'a/b', '1', digest],
    ['a__b/c--d.e', 'docker.io', 'a__b/c--d.e', undefined, undefined],
  ])('reads %s', (text, registry, repository, tag, expectedDigest) => {
    expect(parseImageReference(text)).toEqual({
      registry,
      repository,
      tag,
      digest: expectedDigest,
    });
  });

  it.each([
    '',
    ':1',
    'a:',
    'a@',
    'A',
    'a//b',
    '/a',
    'a/',
    'a b',
    'a:1:2',
    'a___b',
    '-a',
    'a@sha256:abc',
    `a@${digest}@${digest}`,
    'a:-1',
    `a:${'x'.repeat(129)}`,
    'f'.repeat(64),
    'a'.repeat(256),
    'http://a/b',
    '../a',
    'a\nb',
    '--privileged',
  ])('refuses %j', (text) => {
    expect(parseImageReference(text)).toBeUndefined();
  });

  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const parts = fc.record({
    registry: fc.constantFrom('docker.io', 'ghcr.io', 'localhost:5000', '[::1]:80', 'a.example'),
    repository: fc.array(word, { minLength: 2, maxLength: 4 }).map((path) => path.join('/')),
    tag: fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/), { nil: undefined }),
    digest: fc.option(fc.constant(digest), { nil: undefined }),
  });

  test.prop([parts])('finds again the parts a full reference was made of', (reference) => {
    const { registry, repository, tag, digest: hash } = reference;
    const text = `${registry}/${repository}${tag ? `:${tag}` : ''}${hash ? `@${hash}` : ''}`;
    expect(parseImageReference(text)).toEqual(reference);
  });

  test.prop([fc.string()])('gives only parts that occur in the text', (text) => {
    const found = parseImageReference(text);
    if (found === undefined) return;
    expect(text).toContain(found.repository.replace(/^library\//, ''));
    expect(text).toMatch(/^[\w.:/@[\]+-]+$/);
  });
});
