import type { KindName } from '../../kinds/registered.js';
import type { Clock } from '../../lib/clock.js';
import { RegistrarError } from '../../model/errors.js';
import type { Snapshot } from '../../registry/registry.js';

/** How long a list that was begun can be gone on with. */
const LIFETIME_MS = 5 * 60_000;
/** Lists that are remembered; past it the oldest is forgotten. */
const MAX_SNAPSHOTS = 16;

interface Kept {
  readonly snapshot: Snapshot<KindName>;
  readonly untilMs: number;
}

/**
 * Lists of one kind of which clients have read a part, so that all pages show the same state. They
 * cost little: a list and its objects are shared with the read model until they change.
 */
export class Snapshots {
  /** By resourceVersion, the one that is forgotten next first. */
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly clock: Clock) {}

  /** Remembers a list for a while from now. */
  keep(snapshot: Snapshot<KindName>): void {
    const { resourceVersion } = snapshot;
    // Deleted first, so that it moves to the end of the map's order.
    this.#kept.delete(resourceVersion);
    this.#kept.set(resourceVersion, {
      snapshot,
      untilMs: this.clock.monotonic() + LIFETIME_MS,
    });
    this.#forget();
  }

  /** The list at a version. Throws EXPIRED when it is not remembered any more. */
  at(resourceVersion: string): Snapshot<KindName> {
    this.#forget();
    const kept = this.#kept.get(resourceVersion);
    if (kept !== undefined) return kept.snapshot;
    const message = `The list at resource version ${resourceVersion} is no longer known: list again from the start`;
    throw new RegistrarError('EXPIRED', message);
  }

  #forget(): void {
    const now = this.clock.monotonic();
    for (const [resourceVersion, { untilMs }] of this.#kept) {
      if (untilMs > now && this.#kept.size <= MAX_SNAPSHOTS) return;
      this.#kept.delete(resourceVersion);
    }
  }
}
