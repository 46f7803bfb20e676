import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { isRegistrarError } from '../../src/model/errors.js';
import { parseRepoUrl } from '../../src/source/repo-url.js';

const ALL = { schemes: ['https', 'ssh', 'file'] } as const;

describe('the normal form', () => {
  test.each([
    ['https://github.com/a/b.git', 'https://github.com/a/b.git'],
    ['HTTPS://GitHub.com:443/a/b.git/', 'https://github.com/a/b.git'],
    ['https://h.example:8443/a/../b', 'https://h.example:8443/b'],
    ['https://0x7f.1/a', 'https://127.0.0.1/a'],
    ['https://2130706433/a', 'https://127.0.0.1/a'],
    ['https://①②⑦.0.0.1/a', 'https://127.0.0.1/a'],
    ['https://bücher.example/a', 'https://xn--bcher-kva.example/a'],
    ['https://h.example./a', 'https://h.example/a'],
    ['https://[::FFFF:7f00:1]/a', 'https://[::ffff:7f00:1]/a'],
    ['https:\\\\h.example\\a', 'refused'],
    ['ssh://git@GitHub.com/a/b.git', 'ssh://git@github.com/a/b.git'],
    ['ssh://git@h.example:22/a', 'ssh://git@h.example/a'],
    ['ssh://git@h.example:443/a', 'ssh://git@h.example:443/a'],
    ['ssh://h.example:2222/~ada/a', 'ssh://h.example:2222/~ada/a'],
    ['ssh://git@0177.0.0.1/a', 'ssh://git@127.0.0.1/a'],
    ['ssh://git@[::1]:2222/a', 'ssh://git@[::1]:2222/a'],
    ['git@github.com:a/b.git', 'ssh://git@github.com/a/b.git'],
    ['git@github.com:/a/b.git', 'ssh://git@github.com/a/b.git'],
    ['git@[::1]:a/b', 'ssh://git@[::1]/a/b'],
    ['file:///srv/git/a.git', 'file:///srv/git/a.git'],
    ['file://localhost/srv/git/a.git/', 'file:///srv/git/a.git'],
  ])('%s', (text, href) => {
    const parse = (): string => parseRepoUrl(text, ALL).href;
    if (href === 'refused') expect(parse).toThrow('write https://HOST/PATH');
    else expect(parse()).toBe(href);
  });
});

test('a name in another script is one however often it was asked', () => {
  const hosts = new Set<string>();
  for (let time = 0; time < 20_000; time++) {
    hosts.add(parseRepoUrl('https://bücher.example/a', ALL).host);
  }
  expect([...hosts]).toEqual(['xn--bcher-kva.example']);
});

describe('INVALID', () => {
  test.each([
    ['ext::sh -c touch% /tmp/x', 'hidden character'],
    ['ext::sh', 'write https://HOST/PATH'],
    ['fd::17', 'write https://HOST/PATH'],
    ['https::x', 'write https://HOST/PATH'],
    ['git://github.com/a/b', 'write https://HOST/PATH'],
    ['http://github.com/a/b', 'write https://HOST/PATH'],
    ['ftp://github.com/a/b', 'write https://HOST/PATH'],
    ['rsync://github.com/a/b', 'write https://HOST/PATH'],
    ['/srv/git/a.git', 'write https://HOST/PATH'],
    ['../a.git', 'write https://HOST/PATH'],
    ['a.git', 'write https://HOST/PATH'],
    ['C:\\a.git', 'write https://HOST/PATH'],
    ['', 'write https://HOST/PATH'],
    ['--upload-pack=touch /tmp/x', 'begins with "-"'],
    ['-u', 'begins with "-"'],
    ['ssh://-oProxyCommand=touch/a', 'its host is malformed'],
    ['ssh://git@-oProxyCommand=touch/a', 'its host is malformed'],
    ['git@-oProxyCommand=touch:a', 'its host is malformed'],
    ['ssh://-oProxyCommand=touch@h.example/a', 'its user is malformed'],
    ['-oProxyCommand=touch@h.example:a', 'begins with "-"'],
    ['ssh://a%20b@h.example/a', 'its user is malformed'],
    ['ssh://h%00.example/a', 'its host is malformed'],
    ['https://0..', 'its host is malformed'],
    ['ssh://git@h.example/-a', 'its path begins with "-"'],
    ['git@h.example:-a', 'its path begins with "-"'],
    ['ssh://git@h.example:0/a', 'there is no port 0'],
    ['ssh://git@h.example:99999/a', 'write https://HOST/PATH'],
    ['https://h.example', 'the path of the repository is missing'],
    ['https://h.example//', 'the path of the repository is missing'],
    ['https://h.example/a?x=1', 'leave out what follows'],
    ['https://h.example/a#x', 'leave out what follows'],
    ['https://h.example/a b', 'hidden character'],
    ['https://h.example/a\n', 'hidden character'],
    ['https://h.example/\u001b[31m', 'hidden character'],
    ['https://h.example/a\u202eb', 'hidden character'],
    ['file://other/srv/a', 'write file:///PATH'],
    ['file:///', 'write file:///PATH'],
    ['file:////srv/a', 'write file:///PATH'],
    [`https://h.example/${'a'.repeat(2048)}`, 'longer than 2048'],
  ])('%s', (text, why) => {
    const parse = (): unknown => parseRepoUrl(text, ALL);
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID' }));
    expect(parse).toThrow(why);
  });

  test.each([
    'https://ada:s3cr3t@h.example/a',
    'https://s3cr3t@h.example/a',
    'https://:s3cr3t@h.example/a',
    'ssh://git:s3cr3t@h.example/a',
  ])('credentials are refused and not shown: %s', (text) => {
    const parse = (): unknown => parseRepoUrl(text, ALL);
    expect(parse).toThrow('it contains credentials');
    expect(parse).not.toThrow('s3cr3t');
  });
});

test('a scheme that the policy does not admit is refused by name', () => {
  const parse = (): unknown => parseRepoUrl('file:///srv/a', { schemes: ['https', 'ssh'] });
  expect(parse).toThrow(
    'Cannot use repository "file:///srv/a": the policy does not admit "file", it admits "https", "ssh"',
  );
  expect(parse).toThrow(expect.objectContaining({ code: 'SOURCE_REFUSED' }));
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc
    .tuple(
      fc.constantFrom('https://', 'ssh://', 'file://', 'git@', 'ext::', '-', ''),
      fc.string({ maxLength: 30 }),
    )
    .map((parts) => parts.join('')),
);

property.prop([hostile])('what is accepted cannot be read as anything else', (text) => {
  let href = '';
  try {
    href = parseRepoUrl(text, ALL).href;
  } catch (error) {
    expect(isRegistrarError(error, 'INVALID')).toBe(true);
    return;
  }
  expect(href).toMatch(/^(?:https:\/\/[^@-]|ssh:\/\/(?!-)(?:[\w.-]+@)?(?!-)|file:\/\/\/)[!-~]*$/);
  // Once more gives the same: the cache has one key for it.
  expect(parseRepoUrl(href, ALL).href).toBe(href);
});
