import type { Knex } from 'knex';
import type { KindName } from '../kinds/registered.js';
import type { Change, ChangeType, Stored } from './registry.js';
import type { DbChangeRow } from './rows.js';
import { fromJson } from './stored.js';

/** The logged changes in order, each with the state before it where the log has that too. */
export async function loadChanges(db: Knex): Promise<Change[]> {
  const rows = await db<DbChangeRow>('changes').orderBy('resource_version');
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

export async function insertChange(db: Knex, change: Change): Promise<void> {
  const { type, kind, name, stored } = change;
  const resource_version = Number(change.resourceVersion);
  await db('changes').insert({ resource_version, type, kind, name, object: stored.json });
}

/** Forgets the changes up to a resourceVersion. */
export async function deleteChanges(db: Knex, upTo: number): Promise<void> {
  await db('changes').where('resource_version', '<=', upTo).delete();
}
