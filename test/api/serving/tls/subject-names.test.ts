import { expect, test } from 'vitest';
import { X509Certificate } from 'node:crypto';
import { isFor, parseName, subjectNames } from '../../../../src/api/serving/tls/subject-names.js';
import { aPair } from '../../../helpers/certificates.js';

const here = { host: '127.0.0.1', hostname: 'box', extra: [] };
const textOf = (names: readonly { type: string; value: string }[]): string[] =>
  names.map(({ type, value }) => `${type}:${value}`);

test('those of this machine, its name and the address it listens on', () => {
  expect(textOf(subjectNames({ ...here, host: '10.1.2.3' }))).toEqual([
    'dns:box',
    'dns:localhost',
    'ip:10.1.2.3',
    'ip:127.0.0.1',
    'ip:::1',
  ]);
});

test('what was asked for, each once, in one spelling', () => {
  const extra = ['Registrar.Example.ORG', '*.example.org', '0:0:0:0:0:0:0:1', '10.1.2.3', 'box'];
  expect(textOf(subjectNames({ ...here, extra }))).toEqual([
    ...['dns:*.example.org', 'dns:box', 'dns:localhost', 'dns:registrar.example.org'],
    ...['ip:10.1.2.3', 'ip:127.0.0.1', 'ip:::1'],
  ]);
});

test.for(['0.0.0.0', '::', '0:0::0'])('%s is every address and so no name', (host) => {
  expect(textOf(subjectNames({ ...here, host }))).not.toContain(`ip:${host}`);
  expect(subjectNames({ ...here, host })).toHaveLength(4);
});

test('a machine whose name is none does without', () => {
  expect(textOf(subjectNames({ ...here, hostname: 'not a name' }))).toEqual([
    ...['dns:localhost', 'ip:127.0.0.1', 'ip:::1'],
  ]);
});

test.for([
  ...[
    '',
    ' ',
    'a b',
    'http://a',
    'a:7878',
    'a..b',
    '-a',
    'a-',
    '10.0.0.300',
    '1.2.3',
    'a/8',
    'ä.de',
  ],
  ...['*', 'a.*.b', `${'x'.repeat(64)}.org`, `${'x.'.repeat(130)}org`, 'a\nb', 'a, DNS:b'],
])('--tls-san %j is refused', (text) => {
  expect(parseName(text)).toBeUndefined();
  expect(() => subjectNames({ ...here, extra: [text] })).toThrow(
    /^Cannot use --tls-san ".*": write/,
  );
});

test('more names than a certificate should have are refused', () => {
  const extra = Array.from({ length: 100 }, (_, index) => `n${index}.example.org`);
  expect(() => subjectNames({ ...here, extra })).toThrow('at most 100');
});

test('a certificate is for exactly its names', async () => {
  const names = [
    'localhost',
    '127.0.0.1',
    '::1',
    '::ffff:10.1.2.3',
    '2001:db8::1',
    'a.example.org',
  ];
  const certificate = new X509Certificate((await aPair({ names })).certificate);
  const wanted = names.flatMap((text) => parseName(text) ?? []);
  expect(isFor(certificate, wanted)).toBe(true);
  expect(isFor(certificate, wanted.toReversed())).toBe(true);
  expect(isFor(certificate, wanted.slice(1))).toBe(false);
  expect(isFor(certificate, [...wanted, { type: 'dns', value: 'b' }])).toBe(false);
});
