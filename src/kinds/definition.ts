import type { TSchema } from 'typebox';
import type { JsonObject } from '../lib/merge-patch.js';
import type { UnknownFields } from '../manifest/validate.js';
import type { KindNames, Subresource, Verb } from '../model/kinds.js';
import type { ObjectMeta, StoredMeta } from '../model/meta.js';

/** What every object has. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StoredMeta;
}

/** One column of a table of objects. */
export interface Column<T> {
  readonly name: string;
  /** A `date` is shown as the text that the server made of it, such as `5m`. */
  readonly type: 'string' | 'integer' | 'date';
  /** `name` for the column that identifies the row. */
  readonly format?: 'name';
  readonly description: string;
  /** Shown only when more is asked for. */
  readonly wide?: boolean;
  /** What a row shows; `now` in milliseconds since 1970. */
  cell(object: T, now: number): string | number | null;
}

/** What to store for something that a client wrote, and what to tell the client about it. */
export interface Drafted<T extends ApiObject = ApiObject> {
  readonly draft: DraftOf<T>;
  readonly warnings: readonly string[];
}

/** An object as its writer hands it over: the store fills in the rest of the metadata. */
export type DraftOf<T> = T extends ApiObject
  ? Omit<T, 'metadata' | 'status'> & { readonly metadata: ObjectMeta } & StatusDraft<T>
  : never;

type StatusDraft<T> = T extends { status: infer S } ? { readonly status?: S } : object;

/** How clients may write the objects of a kind. Its functions are pure and throw to refuse. */
export interface Writer<T extends ApiObject = ApiObject> {
  /** What to store for what a client sent; `current` is undefined for a new object. */
  draft(input: JsonObject, current: T | undefined, unknownFields: UnknownFields): Drafted<T>;
  refuseDeletion(current: T): void;
}

/** The other objects of a kind, as they are in the write that is judged. */
export interface Others<T extends ApiObject = ApiObject> {
  get(name: string): T | undefined;
  values(): Iterable<T>;
}

/** What must hold between the objects of a kind: judged inside each write, on the newest state. */
export interface Relations<T extends ApiObject = ApiObject> {
  /** Throws to refuse; `current` is undefined for a new object. */
  refuseChange(next: T, current: T | undefined, others: Others<T>): void;
  /** Throws to refuse. */
  refuseDeletion(current: T, others: Others<T>): void;
  /** Names of all that need an object, through others too: in the order in which to delete them. */
  dependents(current: T, others: Others<T>): readonly string[];
}

/** A new object with a secret: what is stored, and what the answer to its creation alone shows. */
export interface Issued<T extends ApiObject = ApiObject> {
  readonly draft: DraftOf<T>;
  reveal(stored: T): T;
}

/** Objects that the store derives from those of another kind, in the same transaction. */
export interface Mirror<T, Source> {
  /** The kind that is mirrored. */
  readonly of: string;
  /**
   * The objects that a source stands for. Names are unique among all sources; another uid under a
   * name is another object.
   */
  derive(source: Source): readonly Mirrored<T>[];
}

/** The number of replicas of an object. */
export interface Scale {
  readonly wanted: number;
  readonly present: number;
  /** Label selector of the pods. */
  readonly selector: string;
}

/** A derived object: its uid and labels come from the source, versions and times from the store. */
export type Mirrored<T> = Omit<T, 'metadata'> & {
  readonly metadata: Pick<StoredMeta, 'name' | 'uid' | 'labels' | 'ownerReferences'>;
};

/** Everything that is particular to a kind: its routes, discovery, tables and store follow from it. */
export interface KindDefinition<T extends ApiObject = ApiObject> extends KindNames {
  readonly kind: T['kind'];
  /** For people: what an object of this kind is. */
  readonly description: string;
  /** What clients may do; everything else is 405. */
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Paths that a field selector may name. */
  readonly selectableFields: readonly string[];
  /** The path of each selectable field whose name is not its path. */
  readonly fieldPaths?: Readonly<Record<string, string>>;
  /** The texts of an object in which `?search=` looks for words; absent where it is not offered. */
  searched?(object: T): readonly string[];
  /** The whole object. */
  readonly schema: TSchema;
  readonly columns: readonly Column<T>[];
  /** The status that a new object begins with. */
  readonly initialStatus?: object;
  /** Absent for a kind that clients only read. */
  readonly writer?: Writer<T>;
  /** Absent for kinds whose objects do not concern each other. */
  readonly relations?: Relations<T>;
  /** Makes the secret of a new object, for kinds that have one. */
  issue?(draft: DraftOf<T>): Issued<T>;
  /**
   * For kinds with values that are not kept in the object: what a client sent, with what `keep`
   * gives in the place of each value. It may be a whole object or a merge patch. Throws to refuse.
   */
  seal?(sent: JsonObject, keep: (value: Buffer) => string): JsonObject;
  /** For kinds with the subresource `scale`: what an autoscaler sees of an object. */
  scale?(object: T): Scale;
  readonly mirror?: Mirror<T, never>;
  /** Objects that are always there. */
  readonly fixed?: readonly DraftOf<T>[];
}
