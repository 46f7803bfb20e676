import type { Stored } from './registry.js';
import type { DbObjectRow } from './rows.js';
import type { AnyObject } from './stored.js';

/** The row of an object whose kind has no table of its own. */
export function toObjectRow({ object: { kind, metadata }, json }: Stored): DbObjectRow {
  return {
    kind,
    name: metadata.name,
    resource_version: Number(metadata.resourceVersion),
    object: json,
  };
}

/** The object that a row holds; throws when it is not JSON. */
export function fromObjectRow(row: DbObjectRow): AnyObject {
  return JSON.parse(row.object) as AnyObject;
}
