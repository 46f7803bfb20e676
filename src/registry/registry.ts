import type { DraftOf } from '../kinds/definition.js';
import type { KindName, Kinds } from '../kinds/registered.js';
import type { AuditEntry } from '../model/audit.js';
import type { NewEvent } from '../model/event.js';
import type { AuditTrail } from './audit-trail.js';
import type { SecretValues } from './secrets/secret-values.js';

/**
 * What a caller brings to create or update an object: the registry fills in the rest of the
 * metadata. The status counts in an update of the status alone, and in a creation for a kind whose
 * objects do not all begin with the same one.
 */
export type Draft<K extends KindName> = DraftOf<Kinds[K]>;

/** An object of the read model: deep-frozen, with its JSON made once. */
export interface Stored<K extends KindName = KindName> {
  readonly object: Kinds[K];
  /** The object as stable JSON (keys sorted): equal objects have equal text. */
  readonly json: string;
}

export interface Snapshot<K extends KindName> {
  /** Sorted by name. */
  readonly items: readonly Stored<K>[];
  readonly resourceVersion: string;
}

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change<K extends KindName = KindName> {
  readonly type: ChangeType;
  readonly kind: K;
  readonly name: string;
  /** Also the object's own, after this change. */
  readonly resourceVersion: string;
  /** After the change; the last state with the deletion's resourceVersion for DELETED. */
  readonly stored: Stored<K>;
  /**
   * Before the change: for selectors on a watch. undefined for ADDED, and after a restart also for
   * the first change that the log still has of an object.
   */
  readonly previous: Stored<K> | undefined;
}

/** Must hold or the write is refused with CONFLICT. */
export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

export interface WriteOptions extends Preconditions {
  /** Check and answer, but store nothing and use no resourceVersion. */
  readonly dryRun?: boolean | undefined;
  /**
   * Who asks for it: a write that changes something adds a line to the audit in the same
   * transaction. Left out for what Registrar does by itself.
   */
  readonly audit?: AuditEntry | undefined;
  /** For deletions: also what others of its kind need. */
  readonly evenIfNeeded?: boolean | undefined;
  /** The values that the fingerprints of a Secret stand for, but for those that it has already. */
  readonly values?: ReadonlyMap<string, Buffer> | undefined;
}

export interface UpdateOptions extends WriteOptions {
  /** `status`: only the status of the result counts. Otherwise everything but the status does. */
  readonly subresource?: 'status' | undefined;
}

export interface Written<K extends KindName = KindName> {
  /** After the write. A dry run keeps the resourceVersion there was, empty for a creation. */
  readonly stored: Stored<K>;
  readonly result: 'created' | 'updated' | 'unchanged' | 'deleted';
}

/** What a rotation of keys did. */
export interface KeyRotation {
  /** Id of the key that encrypts now. */
  readonly keyId: string;
  /** Values that were put under it. */
  readonly wrapped: number;
}

/** What the store has done since it was opened. */
export interface RegistryStats {
  /** Transactions that were committed. */
  readonly commits: number;
  /** Transactions that the disk refused. */
  readonly failures: number;
  /** Changes that were stored; several share a commit. */
  readonly changes: number;
  /** Writes that wait for a transaction now. */
  readonly waiting: number;
  /** Changes in the log that watches resume from. */
  readonly logged: number;
}

/**
 * The store of all objects. Reads are synchronous, from memory. Writes are durable when they
 * resolve; those that arrive together commit together. Rejects with NOT_FOUND, ALREADY_EXISTS,
 * CONFLICT, INVALID (a new finalizer while deleting), what the relations of the kind refuse, SHUTTING_DOWN once it is being closed, or
 * STORE_UNAVAILABLE when the disk refuses (then nothing of the write happened), SECRET_UNREADABLE
 * when values cannot be encrypted.
 */
export interface Registry {
  /** Id of this registrar, made at first start: the value of the instance label. 16 hex digits. */
  readonly instanceId: string;
  /** Id of this history of resourceVersions, made at first start. A UUID. */
  readonly epoch: string;
  /** Id of the engine that modules run on, as noted last; undefined before one was. */
  readonly engineId: string | undefined;
  /** The highest resourceVersion given out, as a decimal string. */
  readonly resourceVersion: string;

  get<K extends KindName>(kind: K, name: string): Stored<K> | undefined;
  list<K extends KindName>(kind: K): Snapshot<K>;

  /**
   * Gives uid, resourceVersion, generation 1, creationTimestamp and the status that the kind
   * starts with. An empty name is made from `generateName` and five random characters.
   */
  create<K extends KindName>(kind: K, draft: Draft<K>, options?: WriteOptions): Promise<Written<K>>;
  /**
   * Applies `change` to the newest state, inside the write, so that nothing is lost between
   * reading and writing; it must be pure (its argument is frozen) and may throw to refuse.
   * Server-owned metadata in the result is ignored; labels, annotations, finalizers,
   * ownerReferences and managedFields are replaced by the result's. A result equal to the current
   * state is `unchanged`: no write, no change.
   * Raises generation when anything but metadata and status differs. Removing the last finalizer
   * of an object that is being deleted removes it (`deleted`).
   */
  update<K extends KindName>(
    kind: K,
    name: string,
    change: (current: Kinds[K]) => Draft<K>,
    options?: UpdateOptions,
  ): Promise<Written<K>>;
  /** With finalizers: sets deletionTimestamp (`updated`). Without: removes it (`deleted`). */
  delete<K extends KindName>(kind: K, name: string, options?: WriteOptions): Promise<Written<K>>;

  /**
   * Records that something happened; the same again (object, type, reason, message) raises the
   * count of the event there is. Resolves when a first occurrence is stored; repeats within a
   * second are counted in memory, resolve at once and are stored together by the end of it.
   */
  recordEvent(event: NewEvent): Promise<void>;

  /**
   * Calls `sink` with every change of a kind after `since`, first those of the log, then live,
   * in order and without gap; returns the function that ends it. Those of the log come before this
   * returns. Throws EXPIRED when `since` is older than the log or newer than the counter,
   * BAD_REQUEST when it is not a decimal number. `sink` must not throw or block.
   */
  watch<K extends KindName>(kind: K, since: string, sink: (change: Change<K>) => void): () => void;

  readonly audit: AuditTrail;
  readonly secrets: SecretValues;
  /**
   * Puts the values of all Secrets under another key-encryption key. A rotation that was interrupted
   * is gone on with; whenever the process dies, each value can be read. SECRET_UNREADABLE when one
   * cannot be now, and then all stay as they are.
   */
  rotateKeys(audit: AuditEntry): Promise<KeyRotation>;

  /** Notes the engine that modules run on, with a line of the audit for whoever asked for it. */
  noteEngine(engineId: string, audit?: AuditEntry): Promise<void>;

  /** undefined when writes work, else why they do not (for /readyz). */
  problem(): string | undefined;
  readonly stats: RegistryStats;
  /** Stores what waits, ends all watches and frees the data directory. */
  close(): Promise<void>;
}
