import { createHash, createPublicKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { SubjectName } from './subject-names.js';
import { loadX509 } from './x509.js';

/** A certificate and the key that it is for, as they are used. */
export interface Authority {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/** Milliseconds since 1970. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A new private key, ECDSA on P-256. */
export function createKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

/** The certificate of an authority, signed by itself, in PEM. A key always gets the same subject. */
export async function issueAuthority(key: KeyObject, validity: Validity): Promise<string> {
  const x509 = await loadX509();
  const keys = { privateKey: await privateKeyOf(key), publicKey: await publicKeyOf(key) };
  const { keyCertSign, cRLSign } = x509.KeyUsageFlags;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: `CN=Registrar authority ${shortHash(key)}`, keys, signingAlgorithm: ALGORITHM },
    ...datesOf(validity),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(keyCertSign | cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

/** A certificate for a server with this key and these names, signed by the authority, in PEM. */
export async function issueServerCertificate(
  authority: Authority,
  key: KeyObject,
  names: readonly SubjectName[],
  validity: Validity,
): Promise<string> {
  const x509 = await loadX509();
  const publicKey = await publicKeyOf(key);
  const certificate = await x509.X509CertificateGenerator.create({
    ...{ subject: 'CN=registrar', issuer: `CN=Registrar authority ${shortHash(authority.key)}` },
    ...{ publicKey, signingKey: await privateKeyOf(authority.key), signingAlgorithm: ALGORITHM },
    ...datesOf(validity),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([...names]),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(await publicKeyOf(authority.key)),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

const datesOf = ({ notBefore, notAfter }: Validity): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(notBefore),
  notAfter: new Date(notAfter),
});

/** Tells the authorities of several registrars apart. */
const shortHash = (key: KeyObject): string =>
  createHash('sha256').update(spkiOf(key)).digest('hex').slice(0, 8);

const spkiOf = (key: KeyObject): Buffer =>
  createPublicKey(key).export({ type: 'spki', format: 'der' });

const publicKeyOf = (key: KeyObject): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('spki', spkiOf(key), ALGORITHM, true, ['verify']);

const privateKeyOf = (key: KeyObject): Promise<webcrypto.CryptoKey> => {
  const bytes = key.export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', bytes, ALGORITHM, false, ['sign']);
};
