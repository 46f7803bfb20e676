/**
 * What one signature comes to: it is by a key of the policy and for the image; for another image;
 * by another key, or of a form that says nothing.
 */
export type Verdict = 'good' | 'otherImage' | 'unknownKey' | 'malformed';

/** What a signature by a key of the policy comes to, given the digest that it names. */
export const verdictFor = (named: string | undefined, digest: string): Verdict => {
  if (named === undefined) return 'malformed';
  return named === digest ? 'good' : 'otherImage';
};

/** How cosign marks a statement as a signature of an image, since its version 3. */
export const SIGNED_IMAGE = 'https://sigstore.dev/cosign/sign/v1';

/** A field of JSON data that may be anything. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}

/** JSON data of bytes; undefined when they are none. */
export function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
