import { hashOf } from '../../kinds/token/secret.js';
import type { Token } from '../../kinds/token/schema.js';
import type { Identity } from '../../model/identity.js';
import { stableJson } from '../../model/stable-json.js';
import { BOOTSTRAP } from './standing-identities.js';
import { identitiesOf } from './token-identity.js';

/**
 * Who holds which secret. It knows hashes only, so that the time in which it finds one says nothing
 * of a secret.
 */
export class TokenIndex {
  readonly #byHash = new Map<string, Identity>();
  readonly #byToken = new Map<string, ReadonlyMap<string, Identity>>();

  /** `bootstrapSecret` is that of the data directory; `retire` hears who is nobody any more. */
  constructor(
    bootstrapSecret: string,
    private readonly retire: (identity: Identity) => void,
  ) {
    this.#byHash.set(hashOf(bootstrapSecret), BOOTSTRAP);
  }

  find(secret: string): Identity | undefined {
    return this.#byHash.get(hashOf(secret));
  }

  /** Takes a token as it is now. One that has only been used stays who it was. */
  put(token: Token): void {
    const { name } = token.metadata;
    const next = identitiesOf(token);
    if (stableJson([...(this.#byToken.get(name) ?? [])]) === stableJson([...next])) return;
    this.remove(name);
    this.#byToken.set(name, next);
    for (const [hash, identity] of next) this.#byHash.set(hash, identity);
  }

  remove(name: string): void {
    for (const [hash, identity] of this.#byToken.get(name) ?? []) {
      this.#byHash.delete(hash);
      this.retire(identity);
    }
    this.#byToken.delete(name);
  }
}
