import { stableJson } from '../model/revision.js';
import type { DbObjectRow } from './rows.js';
import type { AnyObject } from './stored.js';

/** The row of an object whose kind has no table of its own. */
export function toObjectRow(object: AnyObject): DbObjectRow {
  const { kind, metadata } = object;
  return {
    kind,
    name: metadata.name,
    resource_version: Number(metadata.resourceVersion),
    object: stableJson(object),
  };
}

/** The object that a row holds; throws when it is not JSON. */
export function fromObjectRow(row: DbObjectRow): AnyObject {
  return JSON.parse(row.object) as AnyObject;
}
