import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ImageSignature } from '../subjects.js';
import { fieldOf, jsonIn, SIGNED_IMAGE, verdictFor } from './verdict.js';
import type { Verdict } from './verdict.js';

type SimpleSignature = Extract<ImageSignature, { form: 'simple' }>;

/** What cosign writes into a payload: that it signs an image, and nothing else. */
const TYPES: readonly unknown[] = ['cosign container image signature', SIGNED_IMAGE];

/** A payload names one image; more than that is not worth looking at. */
const MAX_LENGTH = 64 * 1024;

/** What a signature comes to that cosign keeps beside the payload it signs. Never fails. */
export function verifySimple(
  { payload, signature }: SimpleSignature,
  keys: readonly KeyObject[],
  digest: string,
): Verdict {
  if (payload.length > MAX_LENGTH || signature.length > MAX_LENGTH) return 'malformed';
  const signed = Buffer.from(payload, 'base64');
  const value = Buffer.from(signature, 'base64');
  if (!keys.some((key) => isBy(key, signed, value))) return 'unknownKey';
  return verdictFor(imageIn(jsonIn(signed)), digest);
}

function isBy(key: KeyObject, signed: Buffer, signature: Buffer): boolean {
  // Keys of Edwards curves hash by themselves.
  const hash = key.asymmetricKeyType?.startsWith('ed') === true ? null : 'sha256';
  try {
    return verify(hash, signed, key, signature);
  } catch {
    return false;
  }
}

/** The digest of the image that a payload is for; undefined when it is for something else. */
function imageIn(payload: unknown): string | undefined {
  const critical = fieldOf(payload, 'critical');
  const digest = fieldOf(fieldOf(critical, 'image'), 'docker-manifest-digest');
  const isSignature = TYPES.includes(fieldOf(critical, 'type'));
  return isSignature && typeof digest === 'string' ? digest : undefined;
}
