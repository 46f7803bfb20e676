import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ImageSignature } from '../../src/verification/subjects.js';

/** A pair of keys as cosign makes them, and others that it takes. */
export interface Keys {
  /** Public half in PEM. */
  readonly pem: string;
  readonly secret: KeyObject;
}

const MAKERS = {
  ecdsa: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ed25519: () => generateKeyPairSync('ed25519'),
};
export type KeyKind = keyof typeof MAKERS;

export function newKeys(kind: KeyKind = 'ecdsa'): Keys {
  const { publicKey, privateKey } = MAKERS[kind]();
  return { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), secret: privateKey };
}

const signed = (bytes: Buffer, { secret }: Keys): string =>
  sign(secret.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, secret).toString('base64');

/** The payload that cosign signs for the image of a digest. */
export const payloadOf = (digest: unknown, type = 'cosign container image signature'): string =>
  JSON.stringify({
    critical: {
      ...{ identity: { 'docker-reference': 'sample/a' }, type },
      image: { 'docker-manifest-digest': digest },
    },
    optional: null,
  });

/** A signature as it lies beside the payload. */
export function simpleSignature(payload: string, keys: Keys): ImageSignature {
  const bytes = Buffer.from(payload);
  return { form: 'simple', payload: bytes.toString('base64'), signature: signed(bytes, keys) };
}

/** The statement that newer versions of cosign sign. */
export const statementOf = (
  digest: string,
  predicateType = 'https://sigstore.dev/cosign/sign/v1',
): string =>
  JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: '', digest: { sha256: digest.replace('sha256:', '') } }],
    ...{ predicateType, predicate: {} },
  });

/** A bundle of Sigstore with a statement that a key signed. */
export function bundleOf(statement: string, keys: Keys, type = 'application/vnd.in-toto+json') {
  const body = Buffer.from(statement);
  // As an envelope (DSSE) is signed: type and body, each after its length.
  const whole = Buffer.from(`DSSEv1 ${type.length} ${type} ${body.length} ${statement}`);
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'any' }, tlogEntries: [] as unknown[] },
    dsseEnvelope: {
      ...{ payload: body.toString('base64'), payloadType: type },
      signatures: [{ sig: signed(whole, keys), keyid: '' }],
    },
  };
}
