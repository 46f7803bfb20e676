import { stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../../../lib/clock.js';
import { every } from '../../../lib/every.js';
import type { Log } from '../../../lib/log.js';
import type { CertificateSource, CertifiedKey } from './certified-key.js';
import { certificateIn, EVERYBODY, keyIn, NOBODY, readTlsFile, unusable } from './tls-file.js';

const CHECK_INTERVAL_MS = 10_000;

export interface GivenCertificateSettings {
  /** Path of the chain in PEM, that of the server first. */
  readonly certificateFile: string;
  readonly keyFile: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A certificate from files that somebody else keeps, read again when they change. While the new
 * ones do not fit, the one before is used. CERTIFICATE_UNUSABLE when they do not fit at the start.
 */
export async function openGivenCertificate(
  settings: GivenCertificateSettings,
): Promise<CertificateSource> {
  const { clock, log } = settings;
  let seen = await versionOf(settings);
  let current = await read(settings);
  const reload = async (use: (certified: CertifiedKey) => void): Promise<void> => {
    const version = await versionOf(settings);
    if (version === seen) return;
    seen = version;
    const next = await read(settings);
    if (next.certificate === current.certificate && next.key === current.key) return;
    current = next;
    use(next);
    log.info('Server certificate read again');
  };
  return {
    get current() {
      return current;
    },
    follow: (use) =>
      every(CHECK_INTERVAL_MS, clock, () =>
        reload(use).catch((error: Error) =>
          log.warn(
            { problem: error.message },
            'Changed server certificate is not usable, the one before stays',
          ),
        ),
      ),
  };
}

/** Changes whenever one of the files is written or replaced, also through a link. */
async function versionOf({ certificateFile, keyFile }: GivenCertificateSettings): Promise<string> {
  const versions = [certificateFile, keyFile].map(async (path) => {
    const found = await stat(path, { bigint: true }).catch(() => undefined);
    return found === undefined ? 'absent' : [found.ino, found.size, found.mtimeNs].join();
  });
  return (await Promise.all(versions)).join(' ');
}

async function read(settings: GivenCertificateSettings): Promise<CertifiedKey> {
  const { certificateFile, keyFile, clock, log } = settings;
  const certificate = await present(certificateFile, NOBODY);
  const key = await present(keyFile, EVERYBODY);
  const leaf = certificateIn(certificate, certificateFile, 'name one with --tls-cert');
  if (!leaf.checkPrivateKey(keyIn(key, keyFile, 'name one with --tls-key'))) {
    throw unusable(keyFile, `is not the key of "${certificateFile}": name the two that fit`);
  }
  checkChain(certificate, key, certificateFile);
  if (clock.now() > Date.parse(leaf.validTo)) {
    log.warn({ path: certificateFile, expired: leaf.validTo }, 'Server certificate has expired');
  }
  return { certificate, key };
}

/** Whether the server can begin with it: the certificates after the first one count too. */
function checkChain(certificate: string, key: string, path: string): void {
  try {
    createSecureContext({ cert: certificate, key });
  } catch (cause) {
    throw unusable(path, `cannot be used: ${(cause as Error).message}; name another`, cause);
  }
}

async function present(path: string, forbidden: typeof NOBODY | typeof EVERYBODY): Promise<string> {
  const text = await readTlsFile(path, forbidden);
  if (text === undefined) throw unusable(path, 'does not exist: check --tls-cert and --tls-key');
  return text;
}
