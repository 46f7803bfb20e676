import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, problem, unknown } from './check.js';
import type { DoctorCheck, Finding } from './check.js';

/** Whether the daemon's own certificate holds. */
export const CERTIFICATE: DoctorCheck = {
  id: 'certificate',
  look({ dataDir }) {
    const path = join(dataDir, 'tls', 'server.pem');
    if (!existsSync(path)) return unknown('there is none of our own');
    return judgeCertificate(new X509Certificate(readFileSync(path)).validTo, Date.now());
  },
};

/** `validTo` as a certificate has it; `now` in milliseconds since 1970. */
export function judgeCertificate(validTo: string, now: number): Finding {
  const end = Date.parse(validTo);
  const day = new Date(end).toISOString().slice(0, 10);
  if (end > now) return ok(`it holds until ${day}`);
  return problem(
    `it ended on ${day}`,
    'start the daemon, which makes another; look at the clock too',
  );
}
