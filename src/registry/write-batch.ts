import { insertAudit } from './audit-rows.js';
import { deleteChanges, insertChange } from './change-rows.js';
import { countDownloads } from './download-row.js';
import { saveCounter, saveEngine } from './meta-rows.js';
import type { Change } from './registry.js';
import type { DbAuditRow } from './rows.js';
import { writeRecords } from './secrets/record.js';
import type { RecordChange } from './secrets/record.js';
import { deleteObject, putObject } from './tables.js';
import type { Transaction } from './transaction.js';

export interface BatchToWrite {
  readonly changes: readonly Change[];
  /** Of values of Secrets. */
  readonly records: readonly RecordChange[];
  readonly audit: readonly DbAuditRow[];
  /** The engine that modules run on from now on. */
  readonly engineId?: string | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** Cut the log up to this resourceVersion. */
  readonly cut: number | undefined;
}

/** Everything a batch changes, inside one transaction: objects, values, log, counter and audit. */
export function writeBatch(trx: Transaction, batch: BatchToWrite): void {
  const { changes, records, audit, engineId, now, cut } = batch;
  for (const change of changes) {
    writeObject(trx, change, now);
    countDownloads(trx, change);
    insertChange(trx, change);
  }
  writeRecords(trx, records);
  const last = changes.at(-1);
  if (last !== undefined) saveCounter(trx, Number(last.resourceVersion));
  if (engineId !== undefined) saveEngine(trx, engineId);
  insertAudit(trx, audit);
  if (cut !== undefined) deleteChanges(trx, cut);
}

function writeObject(trx: Transaction, change: Change, now: string): void {
  if (change.type === 'DELETED') deleteObject(trx, change.kind, change.name);
  else putObject(trx, change.stored, now);
}
