import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isSecret, newSecret } from '../../kinds/token/secret.js';
import { PRIVATE_FILE, replaceFile } from '../../lib/durable-file.js';
import { RegistrarError } from '../../model/errors.js';

/** Name of the token's file in the data directory. */
export const TOKEN_FILE = 'token';

/** Permissions of anybody but the owner. */
const OTHERS = 0o077;

/**
 * The token of the API, from its file in the data directory; made at first start.
 * DATA_DIR_UNUSABLE when the file is not a token or others may read it.
 */
export async function loadOrCreateToken(dataDir: string): Promise<string> {
  const path = join(dataDir, TOKEN_FILE);
  return (await readToken(path)) ?? createToken(path);
}

async function readToken(path: string): Promise<string | undefined> {
  const file = await openFile(path);
  if (file === undefined) return undefined;
  try {
    await checkAccess(file, path);
    const text = (await file.readFile('utf8')).trim();
    if (isSecret(text)) return text;
    throw unusable(path, 'does not hold a token: remove it and start again to get a new one');
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read: ${(cause as Error).message}`, cause);
  }
}

async function checkAccess(file: FileHandle, path: string): Promise<void> {
  const { mode, size } = await file.stat();
  if ((mode & constants.S_IFMT) !== constants.S_IFREG || size > 4096) {
    throw unusable(path, 'is not a file with a token: remove it and start again to get a new one');
  }
  if ((mode & OTHERS) === 0) return;
  const remedy = `if nobody can have read it run "chmod 600 ${path}", otherwise remove it and start again`;
  throw unusable(path, `is open to other users: ${remedy}`);
}

async function createToken(path: string): Promise<string> {
  const token = newSecret();
  await replaceFile(path, `${token}\n`, PRIVATE_FILE).catch((cause: Error) => {
    throw unusable(path, `cannot be written: ${cause.message}`, cause);
  });
  return token;
}

const unusable = (path: string, problem: string, cause?: unknown): RegistrarError =>
  new RegistrarError('DATA_DIR_UNUSABLE', `Token file "${path}" ${problem}`, { cause });
