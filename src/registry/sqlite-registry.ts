import { timestamp } from '../lib/clock.js';
import type { Clock } from '../lib/clock.js';
import type { AuditEntry } from '../model/audit.js';
import type { NewEvent } from '../model/event.js';
import type { KindName, Kinds } from '../kinds/registered.js';
import type { AuditLog } from './audit-log.js';
import { StoredAudit } from './audit-trail.js';
import type { AuditTrail } from './audit-trail.js';
import type { ChangeLog } from './change-log.js';
import type { Database } from './database.js';
import type { EventLimits } from './event-limits.js';
import { EventRecorder } from './event-recorder.js';
import { HistoryKeeper } from './history-keeper.js';
import { tryWrite } from './meta-rows.js';
import type { ReadModel } from './read-model.js';
import type {
  Change,
  Draft,
  KeyRotation,
  Registry,
  RegistryStats,
  Snapshot,
  Stored,
  UpdateOptions,
  WriteOptions,
  Written,
} from './registry.js';
import type { SecretValues } from './secrets/secret-values.js';
import type { Vault } from './secrets/vault.js';
import type { StoreHealth } from './store-health.js';
import { startProbe } from './store-probe.js';
import type { AnyDraft, AnyObject } from './stored.js';
import { Watchers } from './watchers.js';
import { Writer } from './writer.js';

export interface RegistryParts {
  readonly dataDir: string;
  readonly instanceId: string;
  readonly epoch: string;
  readonly engineId: string | undefined;
  readonly objects: ReadModel;
  readonly log: ChangeLog;
  readonly audit: AuditLog;
  readonly vault: Vault;
  readonly database: Database;
  readonly health: StoreHealth;
  readonly clock: Clock;
  readonly limits: EventLimits;
  /** Frees the data directory. */
  readonly release: () => void;
}

/**
 * The registry on SQLite. The casts to one kind are sound: a write answers with an object of the kind
 * that it was asked for.
 */
export class SqliteRegistry implements Registry {
  readonly audit: AuditTrail;
  private readonly watchers = new Watchers();
  private readonly writer: Writer;
  private readonly recorder: EventRecorder;
  private readonly stopProbe: () => Promise<void>;
  private readonly history: HistoryKeeper;
  private closing: Promise<void> | undefined;
  private engine: string | undefined;

  constructor(private readonly parts: RegistryParts) {
    const { objects: committed, log, audit, vault, database, health, clock, limits } = parts;
    this.engine = parts.engineId;
    const published = (changes: readonly Change[]) => this.watchers.notify(changes);
    this.writer = new Writer({
      ...{ database, vault, health, clock, limits, committed, log, audit, published },
    });
    this.audit = new StoredAudit(database.knex, audit, (entry, outcome) =>
      this.writer.note(entry, outcome),
    );
    this.recorder = new EventRecorder(clock, (event, times) =>
      this.writer.submit({ verb: 'record', event, times, options: {} }),
    );
    this.history = new HistoryKeeper({
      ...{ dataDir: parts.dataDir, clock },
      current: () => ({
        ...{ instanceId: parts.instanceId, epoch: parts.epoch },
        resourceVersion: log.counter,
      }),
    });
    this.stopProbe = startProbe(
      clock,
      () => health.problem() !== undefined,
      () => this.probe(),
    );
  }

  get instanceId(): string {
    return this.parts.instanceId;
  }

  get secrets(): SecretValues {
    return this.parts.vault;
  }

  async rotateKeys(audit: AuditEntry): Promise<KeyRotation> {
    const { vault } = this.parts;
    await vault.renewKey();
    const wrapped = await this.writer.rewrap(audit);
    return { keyId: vault.settle() ?? '', wrapped };
  }

  get engineId(): string | undefined {
    return this.engine;
  }

  async noteEngine(engineId: string, audit?: AuditEntry): Promise<void> {
    await this.writer.noteEngine(engineId, audit);
    this.engine = engineId;
  }

  get epoch(): string {
    return this.parts.epoch;
  }

  get resourceVersion(): string {
    return String(this.parts.log.counter);
  }

  get stats(): RegistryStats {
    const { waiting, counts } = this.writer;
    return { ...counts, waiting, logged: this.parts.log.length };
  }

  get<K extends KindName>(kind: K, name: string): Stored<K> | undefined {
    return this.parts.objects.get(kind, name);
  }

  list<K extends KindName>(kind: K): Snapshot<K> {
    return { items: this.parts.objects.list(kind), resourceVersion: this.resourceVersion };
  }

  create<K extends KindName>(
    kind: K,
    draft: Draft<K>,
    options: WriteOptions = {},
  ): Promise<Written<K>> {
    return this.writer.submit({
      verb: 'create',
      kind,
      draft: draft as AnyDraft,
      options,
    }) as Promise<Written<K>>;
  }

  update<K extends KindName>(
    kind: K,
    name: string,
    change: (current: Kinds[K]) => Draft<K>,
    options: UpdateOptions = {},
  ): Promise<Written<K>> {
    return this.writer.submit({
      verb: 'update',
      kind,
      name,
      change: change as unknown as (current: AnyObject) => AnyDraft,
      options,
    }) as Promise<Written<K>>;
  }

  delete<K extends KindName>(
    kind: K,
    name: string,
    options: WriteOptions = {},
  ): Promise<Written<K>> {
    return this.writer.submit({ verb: 'delete', kind, name, options }) as Promise<Written<K>>;
  }

  recordEvent(event: NewEvent): Promise<void> {
    return this.recorder.record(event);
  }

  watch<K extends KindName>(kind: K, since: string, sink: (change: Change<K>) => void): () => void {
    const anySink = sink as (change: Change) => void;
    const missed = this.parts.log.after(since).filter((change) => change.kind === kind);
    missed.forEach(anySink);
    return this.watchers.add(kind, anySink);
  }

  problem(): string | undefined {
    return this.parts.health.problem();
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    // All at once: the recorder hands its counts over before the writer takes no more. What cannot
    // be stored now is only counts.
    await Promise.all([
      this.stopProbe(),
      this.recorder.close().catch(() => undefined),
      this.writer.close(),
    ]);
    await this.history.close();
    this.watchers.clear();
    await this.parts.database.close();
    this.parts.release();
  }

  private async probe(): Promise<void> {
    const { database, health, clock } = this.parts;
    health.checkFiles();
    database.transact((trx) => tryWrite(trx, timestamp(clock.now())));
    health.writesWork();
  }
}
