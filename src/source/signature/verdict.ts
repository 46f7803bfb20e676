import type { SignatureState } from '../../model/commit-signature.js';

/** What the program that checks signatures says, before it is known whose key it is. */
export interface Verdict {
  readonly state: SignatureState;
  /** Fingerprint of the key, as far as it is told. */
  readonly key?: string;
  readonly message?: string;
}
