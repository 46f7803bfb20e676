import { createHmac } from 'node:crypto';
import type { Secret } from '../../kinds/secret/schema.js';
import { RegistrarError } from '../../model/errors.js';
import { fingerprintOf } from '../../model/secret.js';
import { open, rewrap, seal } from './envelope.js';
import type { Place } from './envelope.js';
import type { Key, KeyRing, KeySource } from './keys.js';
import { keysInUse, recordOf, recordsWithout, selectRecords } from './record.js';
import type { DbSecretRecord, Rewrapping, Select } from './record.js';
import type { SecretValues } from './secret-values.js';

/** Where the keys of the vault come from. */
export interface VaultKeys {
  /** The key-encryption keys: whoever has them and the store can read all values. */
  readonly encryption: KeySource;
  /** The key that values are hashed with, to tell that two are equal. */
  readonly fingerprint: KeySource;
}

/** Encrypts the values of Secrets for the store, and decrypts them for the containers. */
export class Vault implements SecretValues {
  constructor(
    private readonly keys: VaultKeys,
    private readonly select: Select,
    private readonly find: (name: string) => Secret | undefined,
  ) {}

  fingerprint(value: Buffer): string {
    const { fingerprint } = this.keys;
    const { bytes } = fingerprint.ring()?.[0] ?? fingerprint.make();
    return fingerprintOf(createHmac('sha256', bytes).update(value).digest('hex'));
  }

  /** The record of a value. SECRET_UNREADABLE when there is no key to encrypt it with. */
  seal(secret: Secret, key: string, value: Buffer): DbSecretRecord {
    const { id: keyId, bytes } = this.#first();
    const place = placeOf(secret, key);
    return recordOf(place, keyId, seal(value, bytes, place));
  }

  /**
   * Has another key encrypt from now on; those that records need stay beside it. SECRET_UNREADABLE
   * when a record could not be put under it, CONFLICT when there is no other key.
   */
  async renewKey(): Promise<void> {
    this.#refuseMissing();
    await this.keys.encryption.renew((ring) => this.#rewrapped(ring).length);
  }

  /** What puts every record under the key that encrypts now. */
  rewrapped(): Rewrapping[] {
    const { encryption } = this.keys;
    return this.#rewrapped(encryption.ring() ?? [this.#first()]);
  }

  /** Lets go of the keys that no record needs; undefined or the id of the one in use. */
  settle(): string | undefined {
    const first = this.keys.encryption.ring()?.[0];
    const isLast = keysInUse(this.select).every((used) => used === first?.id);
    if (isLast) this.keys.encryption.settle();
    return first?.id;
  }

  reveal(name: string, keys: readonly string[]): ReadonlyMap<string, Buffer> {
    const secret = this.find(name);
    if (secret === undefined) return new Map();
    const present = keys.filter((key) => Object.hasOwn(secret.data, key));
    const records = new Map(selectRecords(this.select, name).map((one) => [one.key, one]));
    return new Map(
      present.map((key) => [key, this.#opened(placeOf(secret, key), records.get(key))]),
    );
  }

  #opened(place: Place, record: DbSecretRecord | undefined): Buffer {
    const { name, key } = place;
    if (record === undefined) throw unreadable(name, key, 'its record is gone from the store');
    const used = this.#keyOf(this.keys.encryption.ring(), record);
    try {
      const { wrapped_key: wrappedKey, ciphertext } = record;
      return open({ wrappedKey, ciphertext }, used.bytes, place);
    } catch (cause) {
      throw unreadable(name, key, 'its record is not the one that was stored', cause);
    }
  }

  #rewrapped(ring: KeyRing): Rewrapping[] {
    const [to] = ring;
    return recordsWithout(this.select, to.id).map((of) => {
      const from = this.#keyOf(ring, of);
      const secret = this.find(of.name);
      if (secret === undefined) throw unreadable(of.name, of.key, 'its Secret is gone');
      try {
        const place = placeOf(secret, of.key);
        const wrapped_key = rewrap(of.wrapped_key, from.bytes, to.bytes, place);
        return { type: 'rewrap', of, key_id: to.id, wrapped_key };
      } catch (cause) {
        throw unreadable(of.name, of.key, 'its record is not the one that was stored', cause);
      }
    });
  }

  /** The key that a record is under. */
  #keyOf(ring: KeyRing | undefined, { name, key, key_id: id }: DbSecretRecord): Key {
    const { title } = this.keys.encryption;
    if (ring === undefined) throw unreadable(name, key, `${title} is missing`);
    const found = ring.find((one) => one.id === id);
    if (found !== undefined) return found;
    const held = ring.map((one) => one.id).join(', ');
    throw unreadable(name, key, `it is encrypted with key ${id}, and ${title} holds key ${held}`);
  }

  /** The key to encrypt with; made for a store that needs none yet. */
  #first(): Key {
    const { encryption } = this.keys;
    const first = encryption.ring()?.[0];
    if (first !== undefined) return first;
    this.#refuseMissing();
    return encryption.make();
  }

  /** Another key would not open what is there. */
  #refuseMissing(): void {
    const { encryption } = this.keys;
    const [id] = encryption.ring() === undefined ? keysInUse(this.select) : [];
    if (id === undefined) return;
    const message = `The ${encryption.title} is missing and values of Secrets are encrypted with it, key ${id}: put it back, or delete all Secrets to begin with a new one`;
    throw new RegistrarError('SECRET_UNREADABLE', message);
  }
}

const placeOf = ({ metadata: { name, uid }, data, status }: Secret, key: string): Place => ({
  ...{ name, uid, key },
  revision: status.keys[key]?.revision ?? 0,
  fingerprint: data[key] ?? '',
});

function unreadable(name: string, key: string, problem: string, cause?: unknown): RegistrarError {
  const message = `Cannot read key "${key}" of Secret "${name}": ${problem}; put back what was there, or write the value again`;
  return new RegistrarError('SECRET_UNREADABLE', message, { kind: 'Secret', name, cause });
}
