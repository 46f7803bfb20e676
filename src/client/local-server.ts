import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AUTHORITY_FILE, LISTENING_FILE } from '../model/data-files.js';
import type { ListeningNote } from '../model/data-files.js';

/** Text of a file of the data directory, undefined when this user cannot read it. */
const read = (dataDir: string, file: string): Promise<string | undefined> =>
  readFile(join(dataDir, file), 'utf8').catch(() => undefined);

/** The token in a data directory, undefined without one. */
export async function localToken(dataDir: string): Promise<string | undefined> {
  return (await read(dataDir, 'token'))?.trim() || undefined;
}

/** The certificate of the authority in a data directory, in PEM; undefined without one. */
export const localAuthority = (dataDir: string): Promise<string | undefined> =>
  read(dataDir, AUTHORITY_FILE);

/** Where the daemon of a data directory says that it listens, undefined when it says nothing. */
export async function listeningNote(dataDir: string): Promise<ListeningNote | undefined> {
  try {
    return JSON.parse((await read(dataDir, LISTENING_FILE)) ?? '') as ListeningNote;
  } catch {
    return undefined;
  }
}
