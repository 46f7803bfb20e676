import { timestamp } from '../../lib/clock.js';
import type { ApiDeps } from '../deps.js';

/** How exactly it is known when a token was last used. */
const PRECISION_MS = 60_000;

/** Writes down when tokens were last used, each at most once a minute. */
export class LastUse {
  readonly #notedAtMs = new Map<string, number>();

  constructor(private readonly deps: Pick<ApiDeps, 'registry' | 'clock' | 'log'>) {}

  /** Notes that the token of that name is used now. Nothing waits for it, or fails with it. */
  note(name: string): void {
    const now = this.deps.clock.now();
    const noted = this.#notedAtMs.get(name) ?? this.#stored(name);
    if (now - noted < PRECISION_MS && now >= noted) return;
    this.#notedAtMs.set(name, now);
    this.#write(name, timestamp(now)).catch((error: unknown) => {
      this.deps.log.debug({ token: name, err: error }, 'Use of a token is not noted');
    });
  }

  forget(name: string): void {
    this.#notedAtMs.delete(name);
  }

  #stored(name: string): number {
    const { lastUsedAt } = this.deps.registry.get('Token', name)?.object.status ?? {};
    return lastUsedAt === undefined ? 0 : Date.parse(lastUsedAt);
  }

  async #write(name: string, lastUsedAt: string): Promise<void> {
    await this.deps.registry.update(
      'Token',
      name,
      (current) => ({ ...current, status: { ...current.status, lastUsedAt } }),
      { subresource: 'status', audit: undefined },
    );
  }
}
