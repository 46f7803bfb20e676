import type { Knex } from 'knex';
import type { KindName } from '../model/kinds.js';
import { fromEventRow, toEventRow } from './event-row.js';
import { fromModuleRow, toModuleRow } from './module-row.js';
import type { DbEventRow, DbModuleRow } from './rows.js';
import type { AnyObject } from './stored.js';

/** Where the objects of each kind are stored; `name` is unique in each table. */
const TABLES: { readonly [K in KindName]: string } = {
  Module: 'subnet_modules',
  Event: 'events',
};

/** All objects, those of a kind with the least recently changed first. */
export async function loadObjects(db: Knex): Promise<AnyObject[]> {
  const modules = await db<DbModuleRow>(TABLES.Module).orderBy('resource_version');
  const events = await db<DbEventRow>(TABLES.Event).orderBy('resource_version');
  return [
    ...modules.map((row) => readRow(TABLES.Module, row, fromModuleRow)),
    ...events.map((row) => readRow(TABLES.Event, row, fromEventRow)),
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
export async function putObject(db: Knex, object: AnyObject, updatedAt: string): Promise<void> {
  await db(TABLES[object.kind]).insert(toRow(object, updatedAt)).onConflict('name').merge();
}

function toRow(object: AnyObject, updatedAt: string): DbModuleRow | DbEventRow {
  switch (object.kind) {
    case 'Module':
      return toModuleRow(object, updatedAt);
    case 'Event':
      return toEventRow(object);
  }
}

export async function deleteObject(db: Knex, kind: KindName, name: string): Promise<void> {
  await db(TABLES[kind]).where({ name }).delete();
}
