import { join } from 'node:path';
import type { KeyObject } from 'node:crypto';
import { PRIVATE_FILE, replaceFile } from '../../../lib/durable-file.js';
import { days, isDue } from './certified-key.js';
import { createKey, issueAuthority } from './issue.js';
import type { Authority } from './issue.js';
import { ALL_BUT_OWNER, certificateIn, keyIn, NOBODY, readTlsFile, unusable } from './tls-file.js';

const LIFE_MS = days(3650);
/** Clocks of clients may be behind by that much. */
export const BACKDATED_MS = 3600 * 1000;

const BEGIN_ANEW =
  'put the right one back, or remove the folder and start again for a new authority, which clients then need';

/**
 * The authority in a folder, made at first start. Its certificate is renewed with the same key, so
 * that clients who know an older one go on to trust what it signs. CERTIFICATE_UNUSABLE when files
 * are damaged, missing, do not belong together, or when others can read the key.
 */
export async function openAuthority(folder: string, now: number): Promise<Authority> {
  const paths = { key: join(folder, 'ca.key'), certificate: join(folder, 'ca.crt') };
  const text = await readTlsFile(paths.certificate, NOBODY);
  const present =
    text === undefined ? undefined : certificateIn(text, paths.certificate, BEGIN_ANEW);
  const key = await openKey(paths.key, present === undefined);
  if (present !== undefined && !present.checkPrivateKey(key)) {
    throw unusable(paths.certificate, `does not belong to "${paths.key}": ${BEGIN_ANEW}`);
  }
  if (present !== undefined && !isDue(present, now)) return { certificate: present, key };
  const validity = { notBefore: now - BACKDATED_MS, notAfter: now + LIFE_MS };
  const issued = await issueAuthority(key, validity);
  await save(paths.certificate, issued);
  return { certificate: certificateIn(issued, paths.certificate, BEGIN_ANEW), key };
}

/** The key, made when there may not be one yet. It is written before what it signs. */
async function openKey(path: string, mayCreate: boolean): Promise<KeyObject> {
  const text = await readTlsFile(path, ALL_BUT_OWNER);
  if (text !== undefined) return keyIn(text, path, BEGIN_ANEW);
  if (!mayCreate) throw unusable(path, `is missing: ${BEGIN_ANEW}`);
  const key = createKey();
  await save(path, pemOf(key));
  return key;
}

export const pemOf = (key: KeyObject): string =>
  key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Writes a file of the folder; CERTIFICATE_UNUSABLE when that fails. */
export async function save(path: string, text: string): Promise<void> {
  await replaceFile(path, text, PRIVATE_FILE).catch((cause: Error) => {
    throw unusable(path, `cannot be written: ${cause.message}`, cause);
  });
}
