import { createReadStream } from 'node:fs';
import { extract } from 'tar-stream';
import type { Extract } from 'tar-stream';
import { RegistrarError, isRegistrarError } from '../../model/errors.js';
import { cleanText } from '../errors.js';
import { Slices } from './slices.js';

/** A header, and the content to be read. */
export type ArchiveEntry = Extract extends AsyncIterable<infer Entry> ? Entry : never;

/**
 * Calls `work` with each entry of a tar archive, one after the other; what it does not read of one
 * is skipped. BUILD_FAILED for an archive that cannot be read, and when `signal` aborts.
 */
export async function forEachEntry(
  archive: string,
  work: (entry: ArchiveEntry) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<void> {
  const reader = extract();
  const file = createReadStream(archive);
  // Without an error, who asks a closed reader for its next entry waits for ever.
  const stop = (): void => reader.destroy(new Error('nobody reads it any more'));
  signal?.addEventListener('abort', stop);
  file.on('error', (error) => reader.destroy(error));
  file.pipe(reader);
  try {
    await readAll(reader, work);
  } catch (error) {
    throw isRegistrarError(error) ? error : unreadable(error);
  } finally {
    signal?.removeEventListener('abort', stop);
    file.destroy();
  }
}

async function readAll(
  reader: Extract,
  work: (entry: ArchiveEntry) => Promise<void> | void,
): Promise<void> {
  const slices = new Slices();
  for await (const entry of reader) {
    await work(entry);
    entry.resume();
    await slices.next();
  }
}

function unreadable(error: unknown): RegistrarError {
  const why = cleanText(error instanceof Error ? error.message : String(error));
  const message = `Cannot read the archive of the commit: ${why}; it is made again at the next try`;
  return new RegistrarError('BUILD_FAILED', message, { cause: error });
}

/** Content of an entry as text. BUILD_FAILED when it is longer than `maxBytes`. */
export async function entryText(entry: ArchiveEntry, maxBytes: number): Promise<string> {
  const { name, size } = entry.header;
  if (size > maxBytes) {
    const message = `Cannot read "${cleanText(name)}": it has more than ${maxBytes} bytes; make it shorter`;
    throw new RegistrarError('BUILD_FAILED', message);
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
