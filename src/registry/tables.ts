import type { Knex } from 'knex';
import type { KindName } from '../kinds/registered.js';
import { fromEventRow, toEventRow } from './event-row.js';
import { fromModuleRow, toModuleRow } from './module-row.js';
import { fromObjectRow, toObjectRow } from './object-row.js';
import type { Stored } from './registry.js';
import type { DbEventRow, DbModuleRow, DbObjectRow } from './rows.js';
import type { AnyObject } from './stored.js';
import type { Transaction } from './transaction.js';

/** The kinds with a table of their own, in which `name` is unique; all others share one. */
const TABLES = { Module: 'subnet_modules', Event: 'events' } as const;
const SHARED = 'objects';

/** All objects, those of a kind with the least recently changed first. */
export async function loadObjects(db: Knex): Promise<AnyObject[]> {
  const modules = await db<DbModuleRow>(TABLES.Module).orderBy('resource_version');
  const events = await db<DbEventRow>(TABLES.Event).orderBy('resource_version');
  const others = await db<DbObjectRow>(SHARED).orderBy('resource_version');
  return [
    ...modules.map((row) => readRow(TABLES.Module, row, fromModuleRow)),
    ...events.map((row) => readRow(TABLES.Event, row, fromEventRow)),
    ...others.map((row) => readRow(SHARED, row, fromObjectRow)),
  ];
}

function readRow<R extends { name: string }, T>(table: string, row: R, read: (row: R) => T): T {
  try {
    return read(row);
  } catch (cause) {
    throw new Error(`row "${row.name}" of table "${table}" cannot be read`, { cause });
  }
}

/** Inserts or replaces an object; columns that no object has, such as downloads, stay. */
export function putObject(trx: Transaction, stored: Stored, updatedAt: string): void {
  const { object, json } = stored;
  switch (object.kind) {
    case 'Module':
      return trx.put(TABLES.Module, toModuleRow(object, updatedAt), 'name');
    case 'Event':
      return trx.put(TABLES.Event, toEventRow(object, json), 'name');
    default:
      return trx.put(SHARED, toObjectRow(stored), 'kind', 'name');
  }
}

export function deleteObject(trx: Transaction, kind: KindName, name: string): void {
  if (kind === 'Module' || kind === 'Event') {
    return trx.run(`DELETE FROM ${TABLES[kind]} WHERE name = ?`, name);
  }
  return trx.run(`DELETE FROM ${SHARED} WHERE kind = ? AND name = ?`, kind, name);
}
