import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../lib/clock.js';
import { every } from '../../../lib/every.js';
import { PRIVATE_FOLDER } from '../../../lib/durable-file.js';
import type { Log } from '../../../lib/log.js';
import { BACKDATED_MS, openAuthority, pemOf, save } from './authority.js';
import { days, isDue } from './certified-key.js';
import type { CertificateSource, CertifiedKey } from './certified-key.js';
import { createKey, issueServerCertificate } from './issue.js';
import type { Authority } from './issue.js';
import { isFor } from './subject-names.js';
import type { SubjectName } from './subject-names.js';
import { ALL_BUT_OWNER, certificateIn, keyIn, readTlsFile, unusable } from './tls-file.js';

const LIFE_MS = days(90);
/** Not only once a day: a machine may start with a wrong clock that is put right a moment later. */
const CHECK_INTERVAL_MS = 3600 * 1000;

const REMEDY = 'remove it and start again to get a new one';

export interface OwnCertificateSettings {
  /** Folder of the files; made when it is not there. */
  readonly folder: string;
  /** What the certificate is to be for, now. */
  readonly names: () => readonly SubjectName[];
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A certificate from an authority of this server's own, both made at first start. It is replaced
 * when a third of its life is left, its names are others, or the authority is another one.
 * CERTIFICATE_UNUSABLE names the file that is in the way.
 */
export async function openOwnCertificate(
  settings: OwnCertificateSettings,
): Promise<CertificateSource> {
  await prepareFolder(settings.folder);
  let current = await certifiedKey(settings);
  const renew = async (use: (certified: CertifiedKey) => void): Promise<void> => {
    const next = await certifiedKey(settings);
    if (next.certificate === current.certificate) return;
    current = next;
    use(next);
    settings.log.info('Server certificate renewed');
  };
  return {
    get current() {
      return current;
    },
    follow: (use) =>
      every(CHECK_INTERVAL_MS, settings.clock, () =>
        renew(use).catch((error: Error) =>
          settings.log.error({ problem: error.message }, 'Server certificate cannot be renewed'),
        ),
      ),
  };
}

async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  } catch (cause) {
    throw unusable(folder, `cannot be made: ${(cause as Error).message}`, cause);
  }
  const { mode } = await stat(folder);
  if ((mode & 0o022) === 0) return;
  throw unusable(folder, `is a folder that other users can write to: run "chmod 700 ${folder}"`);
}

/** What is in the folder, or a new one. One file holds both parts, so that they always fit. */
async function certifiedKey(settings: OwnCertificateSettings): Promise<CertifiedKey> {
  const { folder, clock } = settings;
  const now = clock.now();
  const path = join(folder, 'server.pem');
  const authority = await openAuthority(folder, now);
  const text = await readTlsFile(path, ALL_BUT_OWNER);
  const present = text === undefined ? undefined : usable(text, path, authority, settings);
  if (present !== undefined) return present;
  const issued = await issue(authority, settings.names(), now);
  await save(path, issued.key + issued.certificate);
  return { ...issued, certificate: certificateIn(issued.certificate, path, REMEDY).toString() };
}

/** The parts of the file, undefined when it is time for others. */
function usable(
  text: string,
  path: string,
  authority: Authority,
  { names, clock }: OwnCertificateSettings,
): CertifiedKey | undefined {
  const certificate = certificateIn(text, path, REMEDY);
  const key = keyIn(text, path, REMEDY);
  if (!certificate.checkPrivateKey(key)) {
    throw unusable(path, `holds a key and a certificate that do not belong together: ${REMEDY}`);
  }
  const isFine =
    certificate.checkIssued(authority.certificate) &&
    certificate.verify(authority.certificate.publicKey) &&
    isFor(certificate, names()) &&
    !isDue(certificate, clock.now());
  return isFine ? { certificate: certificate.toString(), key: pemOf(key) } : undefined;
}

async function issue(
  authority: Authority,
  names: readonly SubjectName[],
  now: number,
): Promise<CertifiedKey> {
  const key = createKey();
  const validity = { notBefore: now - BACKDATED_MS, notAfter: now + LIFE_MS };
  const certificate = await issueServerCertificate(authority, key, names, validity);
  return { certificate, key: pemOf(key) };
}
