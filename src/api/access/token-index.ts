import { createHash } from 'node:crypto';
import type { Identity } from '../../model/identity.js';

/** SHA-256 of a secret in hex: what is kept of it. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Who has which secret. It knows hashes only, and finds one in a time that says nothing of it. */
export class TokenIndex {
  readonly #identities = new Map<string, Identity>();

  set(hash: string, identity: Identity): void {
    this.#identities.set(hash, identity);
  }

  find(secret: string): Identity | undefined {
    return this.#identities.get(hashOf(secret));
  }
}
