import { readFile } from 'node:fs/promises';
import { RegistrarError } from '../model/errors.js';
import { localAuthority } from './local-server.js';

/** Whom to believe that it is the server. */
export interface Trust {
  /** Certificates of authorities in PEM; those that Node.js knows when undefined. */
  readonly authority: string | undefined;
  /** Whether a certificate from nobody known is refused. */
  readonly verify: boolean;
}

export interface TrustOptions {
  /** Path of certificates in PEM. */
  readonly authorityFile?: string | undefined;
  /** Believe any server. */
  readonly insecure?: boolean;
}

/**
 * Whom to believe: the authority that is named, else that of the data directory of our own server.
 * BAD_REQUEST when the one that is named cannot be read.
 */
export async function trustFor(
  { authorityFile, insecure = false }: TrustOptions,
  ownDataDir: string | undefined,
): Promise<Trust> {
  if (insecure) return { authority: undefined, verify: false };
  const given = authorityFile === undefined ? undefined : await readAuthority(authorityFile);
  const own = ownDataDir === undefined ? undefined : await localAuthority(ownDataDir);
  return { authority: given ?? own, verify: true };
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

async function readAuthority(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw refuse(`Cannot read --certificate-authority "${path}": ${error.message}`);
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw refuse(`There is no certificate in PEM in --certificate-authority "${path}"`);
}
