import type { Transaction } from '../transaction.js';
import type { Envelope, Place } from './envelope.js';

const TABLE = { name: 'secret_records', key: ['name', 'key'] } as const;

/** A value of a Secret as it is stored: nobody can read it without the key-encryption key. */
export interface DbSecretRecord {
  /** Name of the Secret. */
  readonly name: string;
  readonly key: string;
  /** Of the Secret. */
  readonly uid: string;
  readonly revision: number;
  /** Names the key that the record's own key is encrypted with. */
  readonly key_id: string;
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

/** What a write does with the records: in the order in which it is to happen. */
export type RecordChange =
  | { readonly type: 'put'; readonly record: DbSecretRecord }
  /** Of all keys of the Secret without a key. */
  | { readonly type: 'remove'; readonly name: string; readonly key?: string }
  /** Puts the key of a value under another key-encryption key. */
  | Rewrapping;

/** Counts only for the record that it was made from: one that was written meanwhile stays. */
export interface Rewrapping {
  readonly type: 'rewrap';
  readonly of: DbSecretRecord;
  readonly key_id: string;
  readonly wrapped_key: Buffer;
}

/** The record of a sealed value; `keyId` names the key that it was sealed with. */
export function recordOf(
  { name, key, uid, revision }: Place,
  keyId: string,
  { wrappedKey: wrapped_key, ciphertext }: Envelope,
): DbSecretRecord {
  return { name, key, uid, revision, key_id: keyId, wrapped_key, ciphertext };
}

export function writeRecords(trx: Transaction, changes: readonly RecordChange[]): void {
  for (const change of changes) {
    if (change.type === 'put') trx.put(TABLE, change.record);
    else if (change.type === 'rewrap') rewrapRecord(trx, change);
    else if (change.key === undefined)
      trx.run(`DELETE FROM ${TABLE.name} WHERE name = ?`, change.name);
    else trx.run(`DELETE FROM ${TABLE.name} WHERE name = ? AND key = ?`, change.name, change.key);
  }
}

function rewrapRecord(trx: Transaction, { of, key_id, wrapped_key }: Rewrapping): void {
  trx.run(
    `UPDATE ${TABLE.name} SET key_id = ?, wrapped_key = ?
     WHERE name = ? AND key = ? AND uid = ? AND revision = ? AND key_id = ?`,
    ...[key_id, wrapped_key, of.name, of.key, of.uid, of.revision, of.key_id],
  );
}

/** Reads rows at once, so that nothing can change in between. */
export type Select = <Row>(sql: string, ...values: readonly string[]) => Row[];

export const selectRecords = (select: Select, name: string): DbSecretRecord[] =>
  select(`SELECT * FROM ${TABLE.name} WHERE name = ?`, name);

/** The records that are under another key. */
export const recordsWithout = (select: Select, keyId: string): DbSecretRecord[] =>
  select(`SELECT * FROM ${TABLE.name} WHERE key_id <> ?`, keyId);

/** Ids of the keys that the records there are need. */
export const keysInUse = (select: Select): string[] =>
  select<{ key_id: string }>(`SELECT DISTINCT key_id FROM ${TABLE.name}`).map(
    ({ key_id }) => key_id,
  );
