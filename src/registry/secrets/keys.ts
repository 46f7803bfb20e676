import { createHmac } from 'node:crypto';
import { RegistrarError } from '../../model/errors.js';

/** For AES-256, and as much as HMAC-SHA-256 can use. */
export const KEY_BYTES = 32;
/** The one in use, and those of rotations that did not end. */
const MAX_KEYS = 8;
const ID_DIGITS = 12;

/** A key, and a name for it that tells nothing about it. */
export interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Keys that records may be under: the first encrypts, the others are there to read what is left. */
export type KeyRing = readonly [Key, ...Key[]];

/** Where the key-encryption keys come from. Throws SECRET_UNREADABLE for those that cannot be used. */
export interface KeySource {
  /** What it is, for messages. */
  readonly title: string;
  /** undefined when there is no key. */
  ring(): KeyRing | undefined;
  /** The first key there is; throws where keys are not ours to make. */
  make(): Key;
  /**
   * Puts another key before those there are, which stay. One that was put there before is taken up
   * again. `check` tells how many records are under other keys than the first of a ring, and throws
   * when one cannot be put under it: then all is as it was. CONFLICT when there is no other key.
   */
  renew(check: (ring: KeyRing) => number): Promise<void>;
  /** Forgets all keys but the first. */
  settle(): void;
}

export const keyOf = (bytes: Buffer): Key => ({ id: idOf(bytes), bytes });

/** Keys in base64, with white space or commas between them; undefined for anything else. */
export function keysIn(text: string): KeyRing | undefined {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  if (words.length > MAX_KEYS) return undefined;
  const [first, ...others] = words.map((word) => {
    const bytes = Buffer.from(word, 'base64');
    const isKey = bytes.length === KEY_BYTES && bytes.toString('base64') === word;
    return isKey ? keyOf(bytes) : undefined;
  });
  if (first === undefined || !others.every((key) => key !== undefined)) return undefined;
  return [first, ...others];
}

const idOf = (bytes: Buffer): string =>
  createHmac('sha256', bytes).update('id of this key').digest('hex').slice(0, ID_DIGITS);

export const unusableKey = (message: string, cause?: unknown): RegistrarError =>
  new RegistrarError('SECRET_UNREADABLE', message, { cause });
