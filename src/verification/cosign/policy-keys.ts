import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { NotVerified } from '../check.js';

/** The public keys of a policy. NotVerified when there are none, or one cannot be read. */
export function policyKeys(keys: readonly string[]): KeyObject[] {
  if (keys.length === 0) throw new NotVerified('The policy names no keys; add one to "keys"');
  return keys.map((pem, index) => {
    try {
      return createPublicKey({ key: pem, format: 'pem' });
    } catch {
      throw new NotVerified(`Key ${index + 1} of the policy is no public key in PEM; correct it`);
    }
  });
}
