import { RegistrarError } from '../model/errors.js';
import type { Address } from './address.js';

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'nothing listens there',
  EACCES: 'access to the socket is denied',
  ENOTFOUND: 'no machine of that name is known',
  ECONNRESET: 'it hung up before it answered',
};

const UNKNOWN_AUTHORITY =
  'its certificate is not from an authority that is trusted here; name the file tls/ca.crt of its data directory with --certificate-authority';

/** What is wrong with a certificate, by the code that Node.js gives. */
const DISTRUST: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED:
    'its certificate has expired; compare the clocks of both machines, and replace the certificate',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; compare the clocks of both machines',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for other names; use one of those with --server, or start the daemon with this one as --tls-san',
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: UNKNOWN_AUTHORITY,
  CERT_UNTRUSTED: UNKNOWN_AUTHORITY,
};

/** What a server that speaks no TLS answers with looks like. */
const NO_TLS: ReadonlySet<string> = new Set([
  'EPROTO',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
]);

/** Why there is no answer, and what to do: SERVER_UNREACHABLE, or SERVER_UNTRUSTED. */
export function unreachable(address: Address, cause: NodeJS.ErrnoException): RegistrarError {
  const code = cause.code ?? '';
  const { url, target } = address;
  const distrust = DISTRUST[code];
  if (distrust !== undefined) {
    const message = `Will not talk to ${url}: ${distrust}`;
    return new RegistrarError('SERVER_UNTRUSTED', message, { cause });
  }
  const next =
    'socketPath' in target
      ? 'name the data directory of a running daemon with --data-dir, or a server with --server'
      : 'check --server';
  const isTls = 'trust' in target && target.trust !== undefined;
  const why = isTls && NO_TLS.has(code) ? 'it does not speak TLS' : (CAUSES[code] ?? cause.message);
  return new RegistrarError(
    'SERVER_UNREACHABLE',
    `Cannot reach Registrar at ${url}: ${why}; start it with "registrar daemon", or ${next}`,
    { cause },
  );
}
