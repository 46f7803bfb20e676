import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { stableJson } from '../../model/stable-json.js';

const CIPHER = 'aes-256-gcm';
const DATA_KEY_BYTES = 32;
/** What NIST SP 800-38D recommends for GCM. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Which value a record holds: one that was moved to another place cannot be opened there. */
export interface Place {
  readonly name: string;
  readonly uid: string;
  readonly key: string;
  /** Of the record; each write of values raises it. */
  readonly revision: number;
  /** Of the value: what the object says of it is true, or the record cannot be opened. */
  readonly fingerprint: string;
}

/** A value under a key of its own, and that key under the key-encryption key. */
export interface Envelope {
  readonly wrappedKey: Buffer;
  readonly ciphertext: Buffer;
}

/** Encrypts a value. No key is used for two values, so that no nonce can come twice under one. */
export function seal(value: Buffer, keyEncryptionKey: Buffer, place: Place): Envelope {
  const dataKey = randomBytes(DATA_KEY_BYTES);
  const envelope = {
    wrappedKey: encrypt(dataKey, keyEncryptionKey, boundTo('key', place)),
    ciphertext: encrypt(value, dataKey, boundTo('value', place)),
  };
  dataKey.fill(0);
  return envelope;
}

/** The value; throws when key, place or any bit of the envelope is another one than at its sealing. */
export function open({ wrappedKey, ciphertext }: Envelope, key: Buffer, place: Place): Buffer {
  const dataKey = decrypt(wrappedKey, key, boundTo('key', place));
  try {
    return decrypt(ciphertext, dataKey, boundTo('value', place));
  } finally {
    dataKey.fill(0);
  }
}

/** The key of a value under another key-encryption key; the value itself is not touched. */
export function rewrap(wrappedKey: Buffer, from: Buffer, to: Buffer, place: Place): Buffer {
  const dataKey = decrypt(wrappedKey, from, boundTo('key', place));
  try {
    return encrypt(dataKey, to, boundTo('key', place));
  } finally {
    dataKey.fill(0);
  }
}

function boundTo(part: 'key' | 'value', place: Place): Buffer {
  const { name, uid, key, revision, fingerprint } = place;
  const bound = { format: 1, kind: 'Secret', part, name, uid, key, revision, fingerprint };
  return Buffer.from(stableJson(bound));
}

function encrypt(plain: Buffer, key: Buffer, bound: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(bound);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(bytes: Buffer, key: Buffer, bound: Buffer): Buffer {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(bound)
    .setAuthTag(tag);
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}
