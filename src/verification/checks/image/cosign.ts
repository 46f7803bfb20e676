import Type from 'typebox';
import { verifyBundle } from '../../cosign/bundle-signature.js';
import { policyKeys } from '../../cosign/policy-keys.js';
import { verifySimple } from '../../cosign/simple-signature.js';
import type { Verdict } from '../../cosign/verdict.js';
import { check, NotApplicable, NotVerified } from '../../check.js';

/** Signatures of an image that are looked at: whoever writes to its registry can add any number. */
const MAX_SIGNATURES = 100;

const WRONG: Readonly<Record<Exclude<Verdict, 'good'>, string>> = {
  otherImage: 'The image is signed by a key of the policy, but for another digest',
  unknownKey: 'No signature of the image is by a key of the policy',
  malformed: 'The image has no signature that can be read',
};

/** Somebody whom the policy knows signed the image. */
export const COSIGN = check({
  id: 'image/cosign',
  title: 'The image is signed with a key of the policy',
  severity: 'critical',
  mode: 'off',
  about: 'image',
  why: 'A signature shows who made an image, also when its registry was taken over.',
  remedy: 'Sign the image (cosign sign --key) with a key whose public half the policy has',
  parameters: Type.Object({
    keys: Type.Array(
      Type.String({
        pattern: '^\\s*-----BEGIN (RSA )?PUBLIC KEY-----',
        maxLength: 16384,
        'x-expected': 'a public key in PEM, as cosign.pub',
      }),
      { default: [], maxItems: 20, description: 'Public keys in PEM, any of them' },
    ),
    privateAddresses: Type.Boolean({
      default: false,
      description: 'Whether the registry may be on this machine or in a private network',
    }),
  }),
  async run({ signatures, signatureProblem, image: { digest, built } }, parameters) {
    if (built) throw new NotApplicable('The image was built here, from what was verified');
    const keys = policyKeys(parameters.keys);
    if (digest === undefined) throw new NotVerified('The image has no digest of a registry');
    if (signatures === undefined) {
      throw new NotVerified(signatureProblem ?? 'Its signatures were not fetched');
    }
    if (signatures.length === 0) return [{ message: 'The image is not signed' }];
    const verdicts = new Set<Verdict>();
    for (const signature of signatures.slice(0, MAX_SIGNATURES)) {
      const verdict =
        signature.form === 'simple'
          ? verifySimple(signature, keys, digest)
          : await verifyBundle(signature.bundle, keys, digest);
      if (verdict === 'good') return [];
      verdicts.add(verdict);
    }
    return [{ message: WRONG[closestOf(verdicts)] }];
  },
});

/** What comes closest to a good signature: it tells most. */
function closestOf(verdicts: ReadonlySet<Verdict>): keyof typeof WRONG {
  if (verdicts.has('otherImage')) return 'otherImage';
  return verdicts.has('unknownKey') ? 'unknownKey' : 'malformed';
}
