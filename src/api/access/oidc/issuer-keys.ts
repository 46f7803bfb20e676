import { createLocalJWKSet, errors } from 'jose';
import type { CryptoKey, FlattenedJWSInput, JSONWebKeySet, JWTHeaderParameters } from 'jose';
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { RegistrarError } from '../../../model/errors.js';

/** Age at which the keys are fetched again beside the work. */
const FRESH_MS = 10 * 60_000;
/** Age at which they are not trusted any more when the issuer cannot be asked. */
const USABLE_MS = 24 * 3_600_000;
/** Least time between two times that the issuer is asked, whatever the tokens say. */
const PAUSE_MS = 30_000;

interface Parts {
  readonly fetchKeys: () => Promise<JSONWebKeySet>;
  readonly clock: Clock;
  readonly log: Log;
}

interface KeySet {
  readonly find: ReturnType<typeof createLocalJWKSet>;
  readonly fetchedAtMs: number;
}

/**
 * The keys of an issuer, fetched when they are first needed. An issuer that is away is felt by
 * those alone whose key is not known yet.
 */
export class IssuerKeys {
  #known: KeySet | undefined;
  #fetching: Promise<void> | undefined;
  #askedAtMs = -Infinity;

  constructor(private readonly parts: Parts) {}

  /** The key that a token says it is signed with. ISSUER_UNAVAILABLE when it cannot be had now. */
  async find(header: JWTHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    const known = this.#ageMs < USABLE_MS ? this.#known : await this.#fetched();
    if (this.#ageMs > FRESH_MS) this.#refresh().catch(() => undefined);
    try {
      if (known !== undefined) return await known.find(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.#isPausing) throw error;
    }
    const { find } = await this.#fetched();
    return find(header, token);
  }

  get #ageMs(): number {
    return this.parts.clock.monotonic() - (this.#known?.fetchedAtMs ?? -Infinity);
  }

  get #isPausing(): boolean {
    return this.parts.clock.monotonic() - this.#askedAtMs < PAUSE_MS;
  }

  async #fetched(): Promise<KeySet> {
    await this.#refresh();
    if (this.#known === undefined) throw unavailable();
    return this.#known;
  }

  /** Asks the issuer, once for all who wait; does not ask again too soon. */
  async #refresh(): Promise<void> {
    if (this.#fetching === undefined && this.#isPausing) throw unavailable();
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
  }

  async #fetch(): Promise<void> {
    const { fetchKeys, clock, log } = this.parts;
    this.#askedAtMs = clock.monotonic();
    try {
      const find = createLocalJWKSet(await fetchKeys());
      this.#known = { find, fetchedAtMs: clock.monotonic() };
    } catch (cause) {
      log.warn({ err: cause }, 'Keys of the OIDC issuer cannot be fetched');
      throw unavailable(cause);
    }
  }
}

const unavailable = (cause?: unknown): RegistrarError =>
  new RegistrarError(
    'ISSUER_UNAVAILABLE',
    'The OIDC issuer cannot be asked for the key of this token: try again in a while',
    { retryAfterSeconds: PAUSE_MS / 1000, cause },
  );
