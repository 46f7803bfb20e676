import type { AuditEntry, AuditOutcome } from '../../model/audit.js';
import { TokenBuckets } from '../../lib/token-bucket.js';
import type { Rate } from '../../lib/token-bucket.js';
import { addressKey } from '../limits/address-key.js';
import type { ApiDeps } from '../deps.js';

/** Refusals of one identity that have a line each: a hundred at once, then ten a minute. */
const KNOWN: Rate = { burst: 100, perSecond: 10 / 60 };
/** Those of one address without credentials, and of all such addresses together. */
const UNKNOWN: Rate = { burst: 20, perSecond: 10 / 60 };
const ALL_UNKNOWN: Rate = { burst: 100, perSecond: 10 / 60 };

/** Refusals beyond that are counted, and told in one line for each sender by the end of it. */
const WINDOW_MS = 60_000;
/** Senders that are counted for themselves; all others are counted together. */
const MAX_SENDERS = 10;

/** Stands for more than one verb, resource or sender. */
const MANY = '*';

interface Counted {
  readonly entry: AuditEntry;
  readonly outcome: AuditOutcome;
  count: number;
}

/**
 * Notes refused requests in the audit, so that a flood of them neither fills the disk nor drives
 * what matters out of it.
 */
export class RefusalLog {
  readonly #known: TokenBuckets;
  readonly #unknown: TokenBuckets;
  readonly #allUnknown: TokenBuckets;
  readonly #counted = new Map<string, Counted>();
  #cancel: (() => void) | undefined;

  constructor(private readonly deps: Pick<ApiDeps, 'registry' | 'clock' | 'log'>) {
    this.#known = new TokenBuckets(KNOWN, deps.clock);
    this.#unknown = new TokenBuckets(UNKNOWN, deps.clock);
    this.#allUnknown = new TokenBuckets(ALL_UNKNOWN, deps.clock);
  }

  /** Resolves when the refusal is in the audit or counted. Rejects when it cannot be noted. */
  async note(entry: AuditEntry, outcome: AuditOutcome, isKnown: boolean): Promise<void> {
    if (this.#hasOwnLine(entry, isKnown)) await this.deps.registry.audit.append(entry, outcome);
    else this.#count(entry, outcome);
  }

  /** Stores what is only counted. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const counted = [...this.#counted.values()];
    this.#counted.clear();
    await Promise.all(
      counted.map(({ entry, outcome, count }) =>
        this.deps.registry.audit.append(entry, { ...outcome, count }),
      ),
    );
  }

  #hasOwnLine({ user, source }: AuditEntry, isKnown: boolean): boolean {
    if (isKnown) return this.#known.take(user) === undefined;
    if (this.#unknown.take(addressKey(source)) !== undefined) return false;
    return this.#allUnknown.take('') === undefined;
  }

  #count(entry: AuditEntry, outcome: AuditOutcome): void {
    const { user, source } = entry;
    const own = `${user} ${addressKey(source)} ${outcome.code}`;
    const isOwn = this.#counted.has(own) || this.#counted.size < MAX_SENDERS;
    const key = isOwn ? own : '';
    const known = this.#counted.get(key);
    if (known !== undefined) known.count += 1;
    else this.#counted.set(key, { entry: summaryOf(entry, isOwn), outcome, count: 1 });
    this.#cancel ??= this.deps.clock.after(WINDOW_MS, () => this.#flushLater());
  }

  // What is counted is lost when the disk refuses: every request of it was refused itself.
  #flushLater(): void {
    this.flush().catch((error: unknown) => {
      this.deps.log.warn({ err: error }, 'Refused requests could not be noted in the audit');
    });
  }
}

function summaryOf({ user, groups, source }: AuditEntry, isOwn: boolean): AuditEntry {
  const what = { verb: MANY, resource: MANY, name: '', namespace: '', requestId: '' };
  return isOwn
    ? { user, groups, source, ...what }
    : { user: MANY, groups: [], source: MANY, ...what };
}
