import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { RegistrarError } from '../../../model/errors.js';

/** Far more than a key and the longest chain. */
const MAX_BYTES = 1024 * 1024;

/** Who may not have access to a file, as bits of its mode. */
export type Forbidden = typeof ALL_BUT_OWNER | typeof EVERYBODY | typeof NOBODY;
export const ALL_BUT_OWNER = 0o077;
/** For keys that are shared with a group, as other servers do it. */
export const EVERYBODY = 0o007;
export const NOBODY = 0;

/** An error about a file of the TLS setting; `problem` says what is wrong and what to do next. */
export const unusable = (path: string, problem: string, cause?: unknown): RegistrarError =>
  new RegistrarError('CERTIFICATE_UNUSABLE', `TLS file "${path}" ${problem}`, { cause });

/**
 * The text of a file, undefined when there is none. CERTIFICATE_UNUSABLE when it cannot be read or
 * is no file, or when somebody has access who may not.
 */
export async function readTlsFile(path: string, forbidden: Forbidden): Promise<string | undefined> {
  const file = await openFile(path);
  if (file === undefined) return undefined;
  try {
    await checkAccess(file, path, forbidden);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read: ${(cause as Error).message}`, cause);
  }
}

async function checkAccess(file: FileHandle, path: string, forbidden: Forbidden): Promise<void> {
  const status = await file.stat();
  if (!status.isFile()) throw unusable(path, 'is not a file: name one in PEM');
  if (status.size > MAX_BYTES) throw unusable(path, 'is too large: name one in PEM');
  if ((status.mode & forbidden) === 0) return;
  const remedy = `run "chmod 600 ${path}"; if somebody can have read it, replace the key`;
  throw unusable(path, `is a private key that other users have access to: ${remedy}`);
}

/** The first certificate of a text in PEM: in a chain that of the server. */
export function certificateIn(text: string, path: string, remedy: string): X509Certificate {
  const [block = ''] = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/.exec(text) ?? [];
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw unusable(path, `does not hold a certificate in PEM: ${remedy}`, cause);
  }
}

/** The private key in a text in PEM, which must be that of the certificate. */
export function keyIn(text: string, path: string, remedy: string): KeyObject {
  if (/ENCRYPTED/.test(text)) throw unusable(path, 'needs a passphrase: name a key without one');
  const [block = ''] = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*-----END \1-----/.exec(text) ?? [];
  try {
    return createPrivateKey(block);
  } catch {
    // Without the cause: nothing of a key may get into a log.
    throw unusable(path, `does not hold a private key in PEM: ${remedy}`);
  }
}
