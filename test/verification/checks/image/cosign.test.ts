import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import type { ImageSignature, ImageSubject } from '../../../../src/verification/subjects.js';
import {
  bundleOf,
  newKeys,
  payloadOf,
  simpleSignature,
  statementOf,
} from '../../../helpers/cosign.js';
import type { KeyKind } from '../../../helpers/cosign.js';
import { resultOf, told } from '../../../helpers/check-results.js';
import { anImageSubject, DIGEST } from '../../../helpers/image-subject.js';

const KEYS = newKeys();
const STRANGER = newKeys();
const OTHER = `sha256:${'b'.repeat(64)}`;
const GOOD = simpleSignature(payloadOf(DIGEST), KEYS);

const bundled = (bundle: unknown): ImageSignature => ({ form: 'bundle', bundle });
const GOOD_BUNDLE = bundled(bundleOf(statementOf(DIGEST), KEYS));

async function found(
  signatures: readonly ImageSignature[] | undefined,
  keys: readonly string[] = [KEYS.pem],
  image: Partial<ImageSubject['image']> = {},
): Promise<string> {
  const subject = anImageSubject(image, {}, signatures === undefined ? {} : { signatures });
  return told(await resultOf('image/cosign', { image: subject }, { keys }));
}

describe('image/cosign', () => {
  test.each(['ecdsa', 'rsa', 'ed25519'] as const)('takes signatures of %s keys', async (kind) => {
    const keys = newKeys(kind satisfies KeyKind);
    expect(await found([simpleSignature(payloadOf(DIGEST), keys)], [keys.pem])).toBe('passed');
    expect(await found([bundled(bundleOf(statementOf(DIGEST), keys))], [keys.pem])).toBe('passed');
  });

  test('one good signature is enough, by any of the keys', async () => {
    const strange = simpleSignature(payloadOf(DIGEST), STRANGER);
    expect(await found([strange, GOOD], [newKeys().pem, KEYS.pem])).toBe('passed');
    expect(await found([strange, GOOD_BUNDLE], [newKeys('rsa').pem, KEYS.pem])).toBe('passed');
  });

  test('the type that newer payloads have is taken too', async () => {
    const payload = payloadOf(DIGEST, 'https://sigstore.dev/cosign/sign/v1');
    expect(await found([simpleSignature(payload, KEYS)])).toBe('passed');
  });

  const tampered = {
    ...{ form: 'simple' as const, payload: Buffer.from(payloadOf(OTHER)).toString('base64') },
    signature: GOOD.form === 'simple' ? GOOD.signature : '',
  };
  const changed = bundleOf(statementOf(OTHER), KEYS);
  const mixed = {
    ...changed,
    dsseEnvelope: {
      ...changed.dsseEnvelope,
      payload: Buffer.from(statementOf(DIGEST)).toString('base64'),
    },
  };
  const UNKNOWN = 'No signature of the image is by a key of the policy';
  const ANOTHER = 'signed by a key of the policy, but for another digest';
  const UNREADABLE = 'no signature that can be read';

  test.each([
    ['none', [], 'The image is not signed'],
    ['another key', [simpleSignature(payloadOf(DIGEST), STRANGER)], UNKNOWN],
    ['a changed payload', [tampered], UNKNOWN],
    ['another digest', [simpleSignature(payloadOf(OTHER), KEYS)], ANOTHER],
    ['a payload of another type', [simpleSignature(payloadOf(DIGEST, 'atomic'), KEYS)], UNREADABLE],
    ['a payload without a digest', [simpleSignature(payloadOf(7), KEYS)], UNREADABLE],
    ['a payload that is no JSON', [simpleSignature('{', KEYS)], UNREADABLE],
    ['a payload that is null', [simpleSignature('null', KEYS)], UNREADABLE],
    ['a payload that is long', [simpleSignature(' '.repeat(70000), KEYS)], UNREADABLE],
    ['an empty signature', [{ form: 'simple', payload: '', signature: '' }], UNKNOWN],
    ['a signature that is no Base64', [{ ...tampered, signature: '\u0000%%' }], UNKNOWN],
    ['a bundle of another key', [bundled(bundleOf(statementOf(DIGEST), STRANGER))], UNKNOWN],
    ['a bundle with a changed statement', [bundled(mixed)], UNKNOWN],
    ['a bundle for another digest', [bundled(changed)], ANOTHER],
    [
      'a bundle that says something else of the image',
      [bundled(bundleOf(statementOf(DIGEST, 'https://example.org/scan/v1'), KEYS))],
      UNREADABLE,
    ],
    [
      'a bundle with another payload',
      [bundled(bundleOf(statementOf(DIGEST), KEYS, 'text/plain'))],
      UNREADABLE,
    ],
    ['a statement without subjects', [bundled(bundleOf('{}', KEYS))], UNREADABLE],
    ['a statement that is no JSON', [bundled(bundleOf('{', KEYS))], UNREADABLE],
    ['no bundle', [bundled(undefined)], UNREADABLE],
    ['an empty bundle', [bundled({})], UNREADABLE],
    ['a text for a bundle', [bundled('bundle')], UNREADABLE],
    ['the nearest of several', [bundled({}), tampered, bundled(changed)], ANOTHER],
  ] as const)('%s is refused', async (_what, signatures, expected) => {
    const result = await found(signatures);
    expect(result).toMatch(/^failed/);
    expect(result).toContain(expected);
  });

  test('entries of logs in a bundle are not looked at: the key is trusted by itself', async () => {
    const bundle = bundleOf(statementOf(DIGEST), KEYS);
    const entry = {
      ...{ logIndex: '1', logId: { keyId: 'AA==' }, integratedTime: '1700000000' },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      inclusionPromise: { signedEntryTimestamp: 'AA==' },
      inclusionProof: {
        ...{ logIndex: '1', rootHash: 'AA==', treeSize: '2', hashes: ['AA=='] },
        checkpoint: { envelope: 'x' },
      },
      canonicalizedBody: 'AA==',
    };
    const { verificationMaterial } = bundle;
    const logged = {
      ...bundle,
      verificationMaterial: { ...verificationMaterial, tlogEntries: [entry] },
    };
    expect(await found([bundled(logged)])).toBe('passed');
  });

  test.each([
    ['signatures that were not fetched', undefined, [KEYS.pem], {}, /were not fetched$/],
    ['no keys', [GOOD], [], {}, /names no keys/],
    [
      'a key that cannot be read',
      [GOOD],
      [KEYS.pem, '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
      {},
      /^notVerified: Key 2 of the policy/,
    ],
    ['an image without a digest', [GOOD], [KEYS.pem], { digest: undefined }, /no digest/],
  ])('%s: it is not verified', async (_what, signatures, keys, image, expected) => {
    const result = await found(signatures, keys, image);
    expect(result).toMatch(/^notVerified/);
    expect(result).toMatch(expected);
  });

  test('what is no public key cannot be in a policy, least of all a private one', async () => {
    const secret = KEYS.secret.export({ type: 'pkcs8', format: 'pem' }).toString();
    const refused = found([GOOD], [secret]);
    await expect(refused).rejects.toThrow(/a public key in PEM, as cosign.pub; correct it$/);
    await expect(found([GOOD], ['key'])).rejects.toThrow(/cannot be used/);
  });

  test('an image that was built here needs no signature', async () => {
    expect(await found(undefined, [KEYS.pem], { built: true })).toMatch(/^notApplicable/);
  });

  test('signatures after the first hundred are not looked at', async () => {
    const many = Array.from({ length: 100 }, () => bundled({}));
    expect(await found([...many.slice(1), GOOD])).toBe('passed');
    expect(await found([...many, GOOD])).toMatch(/^failed/);
  });

  property.prop([fc.jsonValue(), fc.base64String(), fc.string()], { numRuns: 50 })(
    'whatever lies in a registry is no signature',
    async (bundle, payload, signature) => {
      const result = await found([bundled(bundle), { form: 'simple', payload, signature }]);
      expect(result).toMatch(/^failed/);
    },
  );

  property.prop([fc.nat(), fc.nat(255)], { numRuns: 50 })(
    'a byte that is changed makes a good signature none',
    async (at, value) => {
      const bytes = Buffer.from(payloadOf(DIGEST));
      const index = at % bytes.length;
      fc.pre(bytes[index] !== value);
      bytes[index] = value;
      const payload = bytes.toString('base64');
      expect(await found([{ ...tampered, payload }])).toContain(UNKNOWN);
    },
  );
});
