import { RegistrarError } from '../../model/errors.js';
import { keysIn, unusableKey } from './keys.js';
import type { Key, KeyRing, KeySource } from './keys.js';

/** Where keys are that others keep for us. */
export interface GivenKeySetting {
  /** What it is, for messages, such as `variable REGISTRAR_KEK`. */
  readonly title: string;
  /** Keys in base64. What it rejects with is told, so it must not quote them. */
  read(): Promise<string>;
}

/**
 * Keys that others keep: an environment variable, or what a command prints. They are asked for once,
 * again for each use while that fails, and when the keys are rotated.
 */
export class GivenKeys implements KeySource {
  #known: KeyRing | undefined;
  #problem: unknown;
  #reading: Promise<void> | undefined;

  constructor(private readonly setting: GivenKeySetting) {}

  get title(): string {
    return this.setting.title;
  }

  /** Asks for them, so that they are there for the first who needs one. Never rejects. */
  load(): Promise<void> {
    this.#reading ??= this.#read()
      .then(
        (ring) => void (this.#known = ring),
        (problem: unknown) => void (this.#problem = problem),
      )
      .finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  ring(): KeyRing | undefined {
    if (this.#known !== undefined) return this.#known;
    void this.load();
    throw this.#problem ?? unusableKey(`The ${this.title} has not given the key yet`);
  }

  make(): Key {
    throw unusableKey(`The ${this.title} gives no key`);
  }

  async renew(check: (ring: KeyRing) => number): Promise<void> {
    const ring = await this.#read();
    const left = check(ring);
    if (left === 0 && ring[0].id === this.#known?.[0].id) throw this.#same();
    this.#known = ring;
  }

  /** Whoever keeps them lets go of the old ones. */
  settle(): void {
    // Nothing here is ours to change.
  }

  #same(): RegistrarError {
    const message = `The ${this.title} gives the key that all values are under already: have it give a new key and then the one there is, and try again`;
    return new RegistrarError('CONFLICT', message);
  }

  async #read(): Promise<KeyRing> {
    const ring = keysIn(await this.setting.read());
    if (ring !== undefined) return ring;
    const expected = 'expected 32 bytes in base64, or several of them, the newest first';
    throw unusableKey(`The ${this.title} does not hold a key: ${expected}`);
  }
}
