import type { Knex } from 'knex';
import type { KindName } from '../kinds/registered.js';
import { UnreadableRow } from './damage.js';
import { fromEventRow, toEventRow } from './event-row.js';
import { fromModuleRow, toModuleRow } from './module-row.js';
import { fromObjectRow, toObjectRow } from './object-row.js';
import type { Stored } from './registry.js';
import type { DbEventRow, DbModuleRow, DbObjectRow } from './rows.js';
import type { AnyObject } from './stored.js';
import type { Table, Transaction } from './transaction.js';

/** The kinds with a table of their own, in which `name` is unique; all others share one. */
const TABLES = {
  Module: { name: 'subnet_modules', key: ['name'], fixed: ['uid', 'created_at'] },
  Event: { name: 'events', key: ['name'] },
} as const;
const SHARED = { name: 'objects', key: ['kind', 'name'] } as const;

/** All objects, those of a kind with the least recently changed first. */
export async function loadObjects(db: Knex): Promise<AnyObject[]> {
  const modules = await db<DbModuleRow>(TABLES.Module.name).orderBy('resource_version');
  const events = await db<DbEventRow>(TABLES.Event.name).orderBy('resource_version');
  const others = await db<DbObjectRow>(SHARED.name).orderBy('resource_version');
  return [
    ...modules.map((row) => readRow(TABLES.Module, row, fromModuleRow)),
    ...events.map((row) => readRow(TABLES.Event, row, fromEventRow)),
    ...others.map((row) => readRow(SHARED, row, fromObjectRow)),
  ];
}

function readRow<R extends { name: string }, T>(table: Table, row: R, read: (row: R) => T): T {
  try {
    return read(row);
  } catch (cause) {
    throw new UnreadableRow(`row "${row.name}" of table "${table.name}" cannot be read`, { cause });
  }
}

/** Inserts or replaces an object; columns that no object has, such as downloads, stay. */
export function putObject(trx: Transaction, stored: Stored, updatedAt: string): void {
  const { object, json } = stored;
  switch (object.kind) {
    case 'Module':
      return trx.put(TABLES.Module, toModuleRow(object, updatedAt));
    case 'Event':
      return trx.put(TABLES.Event, toEventRow(object, json));
    default:
      return trx.put(SHARED, toObjectRow(stored));
  }
}

export function deleteObject(trx: Transaction, kind: KindName, name: string): void {
  if (kind === 'Module' || kind === 'Event') {
    return trx.run(`DELETE FROM ${TABLES[kind].name} WHERE name = ?`, name);
  }
  return trx.run(`DELETE FROM ${SHARED.name} WHERE kind = ? AND name = ?`, kind, name);
}
