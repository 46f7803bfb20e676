/**
 * - `unknownKey`: good by itself, but by none of the keys that were given;
 * - `expiredKey`: by a key that has expired or was not valid at the time of the commit;
 * - `unverifiable`: of a kind that cannot be checked here, or the program to check it is missing.
 */
export type SignatureState =
  'good' | 'unsigned' | 'unknownKey' | 'bad' | 'expiredKey' | 'revokedKey' | 'unverifiable';

/** What git says of the signature of a commit. */
export interface CommitSignature {
  readonly state: SignatureState;
  readonly method?: 'ssh' | 'gpg';
  /** Name of the key in the list that was given. */
  readonly signer?: string;
  /** Fingerprint: `SHA256:…` for SSH, hexadecimal for GPG. */
  readonly key?: string;
  /** Why it is not good. */
  readonly message?: string;
}
