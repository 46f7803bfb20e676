import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_FILE, replaceFile } from '../lib/durable-file.js';

/** Beside the store, in JSON. */
export const HISTORY_FILE = 'history.json';

/**
 * What a store came to at least. A store that was cut off, emptied, or put back from an older copy is
 * a good one for every check of its own: only something that is kept apart from it can tell.
 */
export interface HistoryNote {
  readonly instanceId: string;
  readonly epoch: string;
  /** The highest resourceVersion given out by then. */
  readonly resourceVersion: number;
}

/** The note of a data directory; undefined where there is none that can be read. */
export function readHistoryNote(dataDir: string): HistoryNote | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(join(dataDir, HISTORY_FILE), 'utf8'));
    return isNote(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

export function writeHistoryNote(dataDir: string, note: HistoryNote): Promise<void> {
  return replaceFile(join(dataDir, HISTORY_FILE), `${JSON.stringify(note)}\n`, PRIVATE_FILE);
}

function isNote(value: unknown): value is HistoryNote {
  if (typeof value !== 'object' || value === null) return false;
  const { instanceId, epoch, resourceVersion } = value as Partial<Record<string, unknown>>;
  const isText = typeof instanceId === 'string' && typeof epoch === 'string';
  return isText && Number.isSafeInteger(resourceVersion);
}
