import { statSync } from 'node:fs';
import { RegistrarError } from '../model/errors.js';
import { HISTORY_FILE } from './history-note.js';
import type { HistoryNote } from './history-note.js';
import type { StoreFacts } from './meta-rows.js';
import { codeOf, reasonOf } from './sqlite-error.js';

/** What SQLite says of files that are not as it left them. */
const CODES = /^SQLITE_(?:CORRUPT|NOTADB|IOERR_SHORT_READ)/;

/** A row that is no object. */
export class UnreadableRow extends Error {}

/** An error of opening a store as STORE_DAMAGED, when its files are the reason. */
export function asDamage(path: string, error: unknown): unknown {
  return CODES.test(codeOf(error)) || error instanceof UnreadableRow
    ? damaged(path, reasonOf(error), error)
    : error;
}

/** STORE_DAMAGED for an empty store, or none, where there was a history. */
export function refuseEmptied(path: string, note: HistoryNote | undefined): void {
  if (note === undefined || (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  const { resourceVersion } = note;
  throw damaged(
    path,
    `it is empty or gone, and had come to resourceVersion ${resourceVersion} (to begin with nothing, remove "${HISTORY_FILE}" beside it)`,
  );
}

/** STORE_DAMAGED for a store that is older than its own history. One that was restored has another. */
export function refuseCutOff(
  path: string,
  { epoch, counter }: Pick<StoreFacts, 'epoch' | 'counter'>,
  note: HistoryNote | undefined,
): void {
  if (note === undefined || note.epoch !== epoch || counter >= note.resourceVersion) return;
  const lost = `it ends with resourceVersion ${counter}, and had come to ${note.resourceVersion}`;
  throw damaged(
    path,
    `${lost}; to go on with what is left, take "registrar backup" of it and restore that`,
  );
}

/** STORE_DAMAGED: nothing may be written to it, and nothing done on its word. */
export function damaged(path: string, reason: string, cause?: unknown): RegistrarError {
  const text = `The store "${path}" is damaged: ${reason}; stop the daemon and put a backup in its place with "registrar restore"`;
  return new RegistrarError('STORE_DAMAGED', text, { cause });
}
