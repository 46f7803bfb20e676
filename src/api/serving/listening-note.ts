import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FILE, replaceFile } from '../../lib/durable-file.js';
import { LISTENING_FILE } from '../../model/data-files.js';
import type { ListeningNote } from '../../model/data-files.js';
import { RegistrarError } from '../../model/errors.js';
import type { Listening } from './listen.js';
import { hostAndPort } from './tcp-port.js';

/** Addresses that stand for all of the machine, and one that reaches it. */
const REACHABLE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Writes into the data directory where the daemon listens, so that commands on this machine find
 * it; the returned function takes that back. DATA_DIR_UNUSABLE when it cannot be written.
 */
export async function noteListening(
  dataDir: string,
  { scheme, host, port }: Pick<Listening, 'scheme' | 'host' | 'port'>,
  ownAuthority: boolean,
): Promise<() => Promise<void>> {
  const path = join(dataDir, LISTENING_FILE);
  const url = `${scheme}://${hostAndPort(REACHABLE[host] ?? host, port)}`;
  const note: ListeningNote = { url, ownAuthority };
  await replaceFile(path, `${JSON.stringify(note)}\n`, PRIVATE_FILE).catch((cause: Error) => {
    const message = `Cannot write "${path}": ${cause.message}; check its folder and disk`;
    throw new RegistrarError('DATA_DIR_UNUSABLE', message, { cause });
  });
  return () => rm(path, { force: true });
}
