import type { Knex } from 'knex';
import type { KindName } from '../kinds/registered.js';
import type { Change, ChangeType, Stored } from './registry.js';
import type { DbChangeRow } from './rows.js';
import { fromJson } from './stored.js';
import type { Transaction } from './transaction.js';

const TABLE = { name: 'changes', key: [] } as const;

/** The logged changes in order, each with the state before it where the log has that too. */
export async function loadChanges(db: Knex): Promise<Change[]> {
  const rows = await db<DbChangeRow>(TABLE.name).orderBy('resource_version');
  const last = new Map<string, Stored>();
  return rows.map((row) => {
    const stored = fromJson(row.object);
    const key = `${row.kind}/${row.name}`;
    const change = {
      type: row.type as ChangeType,
      kind: row.kind as KindName,
      name: row.name,
      resourceVersion: String(row.resource_version),
      stored,
      previous: last.get(key),
    };
    if (change.type === 'DELETED') last.delete(key);
    else last.set(key, stored);
    return change;
  });
}

export function insertChange(trx: Transaction, change: Change): void {
  const { type, kind, name, stored } = change;
  const resource_version = Number(change.resourceVersion);
  trx.put(TABLE, { resource_version, type, kind, name, object: stored.json });
}

/** Forgets the changes up to a resourceVersion. */
export function deleteChanges(trx: Transaction, upTo: number): void {
  trx.run(`DELETE FROM ${TABLE.name} WHERE resource_version <= ?`, upTo);
}
