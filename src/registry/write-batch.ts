import type { Knex } from 'knex';
import { deleteChanges, insertChange } from './change-rows.js';
import { saveCounter } from './meta-rows.js';
import type { Change } from './registry.js';
import { deleteObject, putObject } from './tables.js';

export interface BatchToWrite {
  readonly changes: readonly Change[];
  /** RFC 3339. */
  readonly now: string;
  /** Cut the log up to this resourceVersion. */
  readonly cut: number | undefined;
}

/** Everything a batch changes, inside one transaction: objects, log and counter. */
export async function writeBatch(trx: Knex, { changes, now, cut }: BatchToWrite): Promise<void> {
  for (const change of changes) {
    await writeObject(trx, change, now);
    await insertChange(trx, change);
  }
  await saveCounter(trx, Number(changes.at(-1)?.resourceVersion));
  if (cut !== undefined) await deleteChanges(trx, cut);
}

async function writeObject(trx: Knex, change: Change, now: string): Promise<void> {
  if (change.type === 'DELETED') await deleteObject(trx, change.kind, change.name);
  else await putObject(trx, change.stored.object, now);
}
