import { makeKey, newKey, readKeys, writeKeys } from './key-file.js';
import type { Key, KeyRing, KeySource } from './keys.js';

/**
 * Keys in a file of our own. A rotation puts a new key before the old one in the file, on the disk,
 * before anything is encrypted with it, and takes the old one out when nothing needs it: whenever
 * the process dies, the file has the keys of all records.
 */
export class FileKeys implements KeySource {
  #known: KeyRing | undefined;

  constructor(private readonly path: string) {}

  get title(): string {
    return `key file "${this.path}"`;
  }

  /** Keys that were read are remembered; those that could not be are looked for each time. */
  ring(): KeyRing | undefined {
    return (this.#known ??= readKeys(this.path));
  }

  make(): Key {
    const key = makeKey(this.path);
    this.#known = [key];
    return key;
  }

  renew(check: (ring: KeyRing) => number): Promise<void> {
    const old = this.ring();
    const isBegun = old !== undefined && old.length > 1;
    const ring: KeyRing = isBegun ? old : [newKey(), ...(old ?? [])];
    check(ring);
    if (!isBegun) this.#write(ring);
    return Promise.resolve();
  }

  settle(): void {
    const ring = this.ring();
    if (ring !== undefined && ring.length > 1) this.#write([ring[0]]);
  }

  #write(ring: KeyRing): void {
    writeKeys(this.path, ring);
    this.#known = ring;
  }
}
