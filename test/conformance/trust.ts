import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCertificates } from '../../src/api/serving/tls/open-certificates.js';
import type { CertificateSource } from '../../src/api/serving/tls/certified-key.js';
import { systemClock } from '../../src/lib/clock.js';
import { silentLog } from '../../src/lib/log.js';
import { AUTHORITY_FILE } from '../../src/model/data-files.js';

/** Certificates for 127.0.0.1, and what a client must know to trust them. */
export interface Trust {
  readonly certificates: CertificateSource;
  /** Certificate of their authority, PEM. */
  readonly ca: string;
}

/** One for all tests of a file: making it takes longer than most of them. */
let trust: Promise<Trust> | undefined;

/** Certificates as a daemon makes them at its first start. */
export function aTrust(): Promise<Trust> {
  trust ??= makeTrust();
  return trust;
}

async function makeTrust(): Promise<Trust> {
  const dataDir = mkdtempSync(join(tmpdir(), 'registrar-trust-'));
  try {
    const certificates = await openCertificates({
      ...{ dataDir, host: '127.0.0.1', names: [], given: undefined },
      ...{ clock: systemClock, log: silentLog },
    });
    return { certificates, ca: readFileSync(join(dataDir, AUTHORITY_FILE), 'utf8') };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
