/**
 * The values of Secrets, which no object holds. They come in with a write, as `values` of its
 * options, and go out to containers, registries and git alone.
 */
export interface SecretValues {
  /**
   * What stands for a value in an object: a keyed hash, equal for equal values. SECRET_UNREADABLE
   * when there is no key to make it with.
   */
  fingerprint(value: Buffer): string;
  /**
   * The values of a Secret by key: of those keys that it has. SECRET_UNREADABLE when one of them
   * cannot be decrypted, or is not the one that was stored.
   */
  reveal(name: string, keys: readonly string[]): ReadonlyMap<string, Buffer>;
}
