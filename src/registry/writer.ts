import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { timestamp } from '../lib/clock.js';
import type { Clock } from '../lib/clock.js';
import type { AuditEntry, AuditOutcome } from '../model/audit.js';
import { RegistrarError } from '../model/errors.js';
import type { AuditLog } from './audit-log.js';
import { trimAudit } from './audit-trim.js';
import { Batch } from './batch.js';
import type { ChangeLog } from './change-log.js';
import type { Database } from './database.js';
import type { WriteRequest } from './decide.js';
import type { EventLimits } from './event-limits.js';
import type { Stamp } from './metadata.js';
import { ReadModel } from './read-model.js';
import type { Change, Written } from './registry.js';
import type { Vault } from './secrets/vault.js';
import { unavailable } from './store-health.js';
import type { StoreHealth } from './store-health.js';
import { writeBatch } from './write-batch.js';

/** Enough to share one disk flush among many, small enough not to hold the event loop. */
const MAX_BATCH = 128;

/** More than all modules, their statuses and events at once; beyond it something runs wild. */
const MAX_WAITING = 10_000;

export interface WriterParts {
  readonly database: Database;
  readonly vault: Vault;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly limits: EventLimits;
  /** State and log as committed; the writer alone changes them. */
  readonly committed: ReadModel;
  readonly log: ChangeLog;
  readonly audit: AuditLog;
  /** Called after each commit, when `committed` and `log` have its changes. */
  readonly published: (changes: readonly Change[]) => void;
}

interface Waiting {
  /** Adds to a batch; returns what to call when the batch is stored. Throws the refusal. */
  readonly add: (batch: Batch) => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The one writer. Writes queue; those that wait share a transaction, and each is worked out on the
 * newest state there is, uncommitted ones of the same transaction included. A refused write fails
 * alone; a failed transaction fails all that were in it, for what they were decided on is void.
 */
export class Writer {
  readonly counts = { commits: 0, failures: 0, changes: 0 };
  private readonly queue: Waiting[] = [];
  private draining: Promise<void> | undefined;
  private closed = false;
  private newest: ReadModel;

  constructor(private readonly parts: WriterParts) {
    this.newest = new ReadModel(parts.committed);
  }

  get waiting(): number {
    return this.queue.length;
  }

  /** Resolves when the write is on the disk, or turned out to need none. */
  submit(request: WriteRequest): Promise<Written> {
    return this.enqueue((batch) => batch.add(request, this.stamp()));
  }

  /** Adds a line to the audit; resolves when it is on the disk. */
  note(entry: AuditEntry, outcome: AuditOutcome & { readonly count?: number }): Promise<void> {
    return this.enqueue((batch) => batch.note(entry, outcome));
  }

  /** Puts all values of Secrets under the key that encrypts now, in one transaction. */
  rewrap(entry: AuditEntry): Promise<number> {
    return this.enqueue((batch) => batch.rewrap(entry));
  }

  /** Notes the engine that modules run on. */
  noteEngine(engineId: string, entry: AuditEntry | undefined): Promise<void> {
    return this.enqueue((batch) => batch.noteEngine(engineId, entry));
  }

  private enqueue<T>(add: (batch: Batch) => T): Promise<T> {
    if (this.closed) return Promise.reject(shuttingDown());
    if (this.queue.length >= MAX_WAITING) return Promise.reject(tooManyWaiting());
    return new Promise((resolve, reject) => {
      const addAndSettle = (batch: Batch) => {
        const result = add(batch);
        return () => resolve(result);
      };
      this.queue.push({ add: addAndSettle, reject });
      this.draining ??= this.drain();
    });
  }

  /** Takes no more writes; resolves when those that wait are settled. */
  async close(): Promise<void> {
    this.closed = true;
    await this.draining;
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      await this.gather();
      this.write(this.queue.splice(0, MAX_BATCH));
      await this.trim();
    }
    this.draining = undefined;
  }

  /** Resolves when a turn of the event loop brings no more writes: those that are here share a flush. */
  private async gather(): Promise<void> {
    let before: number;
    do {
      before = this.queue.length;
      await setImmediate();
    } while (this.queue.length > before && this.queue.length < MAX_BATCH);
  }

  private write(waiting: readonly Waiting[]): void {
    const { log, limits, vault, health } = this.parts;
    const batch = new Batch(this.newest, log.counter, { limits, vault });
    const settlements = waiting.map((one) => decide(batch, one));
    try {
      if (!batch.isEmpty) this.commit(batch);
    } catch (cause) {
      this.newest = new ReadModel(this.parts.committed);
      this.counts.failures += 1;
      const error = health.refused(cause);
      for (const { reject } of waiting) reject(error);
      return;
    }
    for (const settle of settlements) settle();
  }

  private commit({ changes, records, audit: contents, engineId }: Batch): void {
    const { clock, database, health, log, audit, committed, published } = this.parts;
    health.checkFiles();
    const cut = log.cut();
    const rows = audit.next(contents, new Date(clock.now()).toISOString());
    const batch = { changes, records, audit: rows, engineId, now: this.now(), cut };
    database.transact((trx) => writeBatch(trx, batch));
    health.checkCommitted();
    health.writesWork();
    for (const change of changes) {
      committed.apply(change);
      log.append(change);
    }
    audit.stored(rows);
    if (cut !== undefined) log.drop(cut);
    this.counts.commits += 1;
    this.counts.changes += changes.length;
    published(changes);
  }

  /** Nothing waits for it, so that a disk that refuses is for the next write to tell. */
  private async trim(): Promise<void> {
    const { clock, database, audit } = this.parts;
    await trimAudit(database, audit, new Date(clock.now()).toISOString()).catch(() => undefined);
  }

  private stamp(): Stamp {
    const uid = randomUUID();
    return { now: this.now(), uid, suffix: suffixOf(uid) };
  }

  private now(): string {
    return timestamp(this.parts.clock.now());
  }
}

function decide(batch: Batch, { add, reject }: Waiting): () => void {
  try {
    return add(batch);
  } catch (refusal) {
    return () => reject(refusal);
  }
}

/** Five random characters of `[a-z0-9]`, which a UUID has much more of. */
function suffixOf(uid: string): string {
  return Number.parseInt(uid.slice(0, 8), 16).toString(36).padStart(5, '0').slice(-5);
}

function shuttingDown(): RegistrarError {
  return new RegistrarError('SHUTTING_DOWN', 'The store is being closed; try again in a moment');
}

function tooManyWaiting(): RegistrarError {
  return unavailable(`More than ${MAX_WAITING} writes wait for the disk; try again later`);
}
