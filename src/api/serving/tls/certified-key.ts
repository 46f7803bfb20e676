import type { X509Certificate } from 'node:crypto';

/** What a server shows and proves, in PEM. */
export interface CertifiedKey {
  /** The certificate of the server, followed by those that lead to its authority. */
  readonly certificate: string;
  readonly key: string;
}

/** Where the certificate of the server comes from, and those that come after it. */
export interface CertificateSource {
  readonly current: CertifiedKey;
  /** Calls `use` with each that is to be used from then on; the returned function ends that. */
  follow(use: (certified: CertifiedKey) => void): () => void;
}

const DAY_MS = 24 * 3600 * 1000;

export const days = (count: number): number => count * DAY_MS;

/** Whether less than a third of a certificate's life is left. `now`: milliseconds since 1970. */
export function isDue(certificate: X509Certificate, now: number): boolean {
  const begins = Date.parse(certificate.validFrom);
  const ends = Date.parse(certificate.validTo);
  return now > ends - (ends - begins) / 3;
}
