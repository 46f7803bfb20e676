import { describe, expect, test } from 'vitest';
import { parseGpgStatus } from '../../src/source/signature/gpg-status.js';
import { signatureKind } from '../../src/source/signature/signed-commit.js';
import { parseSshKey } from '../../src/source/signature/ssh-key.js';
import { parseSshOutput } from '../../src/source/signature/ssh-output.js';
import { isValidAt } from '../../src/source/signature/validity.js';
import { anSshKey } from '../helpers/signing.js';

const FINGERPRINT = 'DDA88F46C3F054A79693CF2FC16045EC70B0E255';
const gpg = (...lines: string[]): string => lines.map((line) => `[GNUPG:] ${line}\n`).join('');
const GOOD = gpg('NEWSIG', 'GOODSIG C16045EC70B0E255 Ada', `VALIDSIG ${FINGERPRINT} 2026-01-01 1`);

describe('what gpg says', () => {
  test('of a good signature', () => {
    expect(parseGpgStatus(GOOD, 0)).toEqual({ state: 'good', key: FINGERPRINT });
  });

  test.each([
    ['two good signatures', GOOD + GOOD, 'bad'],
    ['a good and a bad one', GOOD + gpg('BADSIG C16045EC70B0E255 Ada'), 'bad'],
    ['a good one that is not valid', gpg('GOODSIG C16045EC70B0E255 Ada'), 'bad'],
    ['nothing', '', 'bad'],
    ['no signature in it', gpg('NODATA 4'), 'bad'],
    [
      'an algorithm that it does not know',
      gpg('ERRSIG C16045EC70B0E255 99 8 00 1 4'),
      'unverifiable',
    ],
    ['an expired signature', gpg('EXPSIG C16045EC70B0E255 Ada'), 'expiredKey'],
    ['no gpg', 'error: cannot run gpg: No such file or directory\n', 'unverifiable'],
    ['a name that looks like a status', `gpg: ${GOOD.replaceAll('\n', ' ')}`, 'bad'],
  ])('of %s', (_, text, state) => {
    expect(parseGpgStatus(text, 1)).toMatchObject({ state });
  });

  test('git has the last word', () => {
    expect(parseGpgStatus(GOOD, 1)).toMatchObject({ state: 'bad' });
  });
});

test.each([
  ['error: cannot run ssh-keygen: No such file or directory', 'unverifiable'],
  ["Couldn't verify signature: unknown or unsupported key type", 'unverifiable'],
  ["Couldn't verify signature: invalid format", 'bad'],
  ['Good "git" signature for key-0 with ED25519 key SHA256:abc', 'bad'],
])('what ssh-keygen says: %s', (text, state) => {
  expect(parseSshOutput(`${text}\n`, 1)).toMatchObject({ state });
});

describe('an SSH key', () => {
  test('as people write it', () => {
    const { publicKey, fingerprint } = anSshKey();
    const [kind, data] = publicKey.split(' ');
    expect(parseSshKey(`  ${kind}\t${data} ada@home "x" \n`, 'ada')).toEqual({
      text: `${kind} ${data}`,
      fingerprint,
    });
  });

  test.each([
    ['nothing', () => ''],
    ['a private key', () => '-----BEGIN OPENSSH PRIVATE KEY-----'],
    ['options', (key: string) => `cert-authority ${key}`],
    ['a principal', (key) => `* ${key}`],
    ['another line', (key) => `${key.trim()}\n* ${key}`],
    ['another kind', (key) => key.replace('ssh-ed25519', 'ssh-rsa')],
    ['a certificate', (key) => key.replace('ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com')],
    ['half a key', (key) => key.slice(0, 30)],
  ] as [string, (key: string) => string][])('with %s is refused', (_, spoil) => {
    const spoiled = spoil(anSshKey().publicKey);
    expect(() => parseSshKey(spoiled, 'ada')).toThrow('Cannot use the SSH key of "ada"');
  });
});

test.each(['yesterday', '2026', '2026-01-01', '20260101'])(
  'a time such as "%s" is refused',
  (time) => {
    const check = () => isValidAt({ name: 'ada', validBefore: time }, '2026-01-01T00:00:00Z');
    expect(check).toThrow('write its times like "2026-01-31T00:00:00Z"');
  },
);

test.each([
  ['gpgsig -----BEGIN SSH SIGNATURE-----\n abc', 'ssh'],
  ['gpgsig -----BEGIN PGP SIGNATURE-----\n abc', 'gpg'],
  ['gpgsig -----BEGIN PGP MESSAGE-----\n abc', 'gpg'],
  ['gpgsig -----BEGIN SIGNED MESSAGE-----\n abc', 'other'],
  ['gpgsig nonsense', 'other'],
  ['gpgsig-sha256 -----BEGIN SSH SIGNATURE-----', undefined],
  ['encoding UTF-8', undefined],
])('the kind of the signature in %j', (header, kind) => {
  const object = Buffer.from(`tree 0\n${header}\n\ngpgsig -----BEGIN SSH SIGNATURE-----\n`);
  expect(signatureKind(object, 'a'.repeat(40))).toBe(kind);
});
