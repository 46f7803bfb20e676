import type { IncomingMessage } from 'node:http';
import { RegistrarError } from '../../model/errors.js';

/** What a server says of a package before it sends it. */
export interface ExpectedPackage {
  readonly version: string;
  /** SHA-256 in hex. */
  readonly sha256: string;
}

const VERSION = /^[0-9A-Za-z.+-]{1,256}$/;
const DIGEST = /^sha-256=:([0-9A-Za-z+/]{43}=):$/;

/** Reads the head of an answer. INTERNAL when it is not that of a package: nothing could be checked. */
export function expectedPackage({ headers }: Pick<IncomingMessage, 'headers'>): ExpectedPackage {
  const version = String(headers['x-registrar-version'] ?? '');
  const [, digest] = DIGEST.exec(String(headers['repr-digest'] ?? '')) ?? [];
  if (digest !== undefined && VERSION.test(version)) {
    return { version, sha256: Buffer.from(digest, 'base64').toString('hex') };
  }
  const message =
    'The server did not answer with a package and its digest; check that it is a Registrar server';
  throw new RegistrarError('INTERNAL', message);
}

/** INTERNAL for other bytes than were announced. */
export function requireDigest(found: string, { version, sha256 }: ExpectedPackage): void {
  if (found === sha256) return;
  const message = `The package of version "${version}" does not have its digest sha256:${sha256} but sha256:${found}; nothing of it is kept, try again`;
  throw new RegistrarError('INTERNAL', message);
}
