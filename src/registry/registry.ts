import type { NewEvent } from '../model/event.js';
import type { KindName, Kinds } from '../model/kinds.js';
import type { ObjectMeta } from '../model/meta.js';

/** What a caller brings to create an object: the registry fills in the rest of the metadata. */
export type Draft<K extends KindName> = Omit<Kinds[K], 'metadata'> & { metadata: ObjectMeta };

/** An object of the read model: frozen, with its JSON made once. */
export interface Stored<K extends KindName> {
  readonly object: Kinds[K];
  /** The object as JSON. */
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
  /** Before the change, when it is still known: for selectors on a watch. */
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
}

export interface UpdateOptions extends WriteOptions {
  /** `status`: only the status of the result counts. Otherwise everything but the status does. */
  readonly subresource?: 'status' | undefined;
}

export interface Written<K extends KindName> {
  readonly stored: Stored<K>;
  readonly result: 'created' | 'updated' | 'unchanged' | 'deleted';
}

/**
 * The store of all objects. Reads are synchronous, from memory. Writes are durable when they
 * resolve; those that arrive together commit together. Rejects with NOT_FOUND, ALREADY_EXISTS,
 * CONFLICT, or STORE_UNAVAILABLE when the disk refuses (then nothing of the write happened).
 */
export interface Registry {
  /** Id of this registrar, made at first start: the value of the instance label. */
  readonly instanceId: string;
  /** The highest resourceVersion given out, as a decimal string. */
  readonly resourceVersion: string;

  get<K extends KindName>(kind: K, name: string): Stored<K> | undefined;
  list<K extends KindName>(kind: K): Snapshot<K>;

  /** Gives uid, resourceVersion, generation 1 and creationTimestamp. */
  create<K extends KindName>(kind: K, draft: Draft<K>, options?: WriteOptions): Promise<Written<K>>;
  /**
   * Applies `change` to the newest state, inside the write, so that nothing is lost between
   * reading and writing; it must be pure and may throw to refuse. Server-owned metadata in the
   * result is ignored. A result equal to the current state is `unchanged`: no write, no change.
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

  /** Records that something happened; the same again raises the count of the event there is. */
  recordEvent(event: NewEvent): Promise<void>;

  /**
   * Calls `sink` with every change of a kind after `since`, first those of the log, then live,
   * in order and without gap; returns the function that ends it. Throws EXPIRED when `since` is
   * older than the log or newer than the counter. `sink` must not throw or block.
   */
  watch<K extends KindName>(kind: K, since: string, sink: (change: Change<K>) => void): () => void;

  /** undefined when writes work, else why they do not (for /readyz). */
  problem(): string | undefined;
  close(): Promise<void>;
}
