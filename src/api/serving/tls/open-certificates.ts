import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { AUTHORITY_FILE } from '../../../model/data-files.js';
import type { CertificateSource } from './certified-key.js';
import { openGivenCertificate } from './given-certificate.js';
import { openOwnCertificate } from './own-certificate.js';
import { subjectNames } from './subject-names.js';

export interface CertificateSettings {
  readonly dataDir: string;
  /** Address that the API listens on. */
  readonly host: string;
  /** Further names and addresses of this server. */
  readonly names: readonly string[];
  /** Files in PEM that somebody else keeps, in place of certificates of our own. */
  readonly given: { readonly certificateFile: string; readonly keyFile: string } | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** The certificates to serve with. CERTIFICATE_UNUSABLE names the file that is in the way. */
export async function openCertificates(settings: CertificateSettings): Promise<CertificateSource> {
  const { dataDir, host, given, clock, log } = settings;
  if (given !== undefined) return openGivenCertificate({ ...given, clock, log });
  // The name of a machine can change while it runs.
  const names = () => subjectNames({ host, hostname: hostname(), extra: settings.names });
  return openOwnCertificate({ folder: dirname(join(dataDir, AUTHORITY_FILE)), names, clock, log });
}
