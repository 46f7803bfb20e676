import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  createKey,
  issueAuthority,
  issueServerCertificate,
} from '../../src/api/serving/tls/issue.js';
import type { Authority } from '../../src/api/serving/tls/issue.js';
import { parseName } from '../../src/api/serving/tls/subject-names.js';

const HOUR_MS = 3600 * 1000;

export interface CertificateOptions {
  readonly names?: readonly string[];
  /** Milliseconds since 1970. */
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly authority?: Authority;
}

/** A certificate and its key in PEM. */
export interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/** An authority that nobody knows yet. */
export async function anAuthority(): Promise<Authority> {
  const key = createKey();
  const now = Date.now();
  const validity = { notBefore: now - HOUR_MS, notAfter: now + 1000 * HOUR_MS };
  return { certificate: new X509Certificate(await issueAuthority(key, validity)), key };
}

/** A certificate for this machine that holds now, unless said otherwise. */
export async function aPair(options: CertificateOptions = {}): Promise<Pair> {
  const now = Date.now();
  const { notBefore = now - HOUR_MS, notAfter = now + HOUR_MS } = options;
  const names = (options.names ?? ['localhost', '127.0.0.1']).flatMap(
    (text) => parseName(text) ?? [],
  );
  const authority = options.authority ?? (await anAuthority());
  const key = createKey();
  const validity = { notBefore, notAfter };
  return {
    certificate: await issueServerCertificate(authority, key, names, validity),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** Files of a pair, as somebody else keeps them; gone with the test. */
export interface PairFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
  write(pair: Partial<Pair>): void;
}

export function filesOf(pair: Pair): PairFiles {
  const folder = mkdtempSync(join(tmpdir(), 'registrar-pair-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const certificateFile = join(folder, 'tls.crt');
  const keyFile = join(folder, 'tls.key');
  const write = ({ certificate, key }: Partial<Pair>): void => {
    if (certificate !== undefined) writeFileSync(certificateFile, certificate);
    if (key !== undefined) writeFileSync(keyFile, key, { mode: 0o600 });
  };
  write(pair);
  return { certificateFile, keyFile, write };
}
