import { decodeJwt, errors, jwtVerify } from 'jose';
import type { Clock } from '../../../lib/clock.js';
import type { Log } from '../../../lib/log.js';
import { RegistrarError } from '../../../model/errors.js';
import type { Identity } from '../../../model/identity.js';
import type { OidcSettings } from '../../../model/oidc-settings.js';
import { unauthorized } from '../unauthorized.js';
import { identityFrom } from './claims.js';
import { fetchKeys } from './fetch-keys.js';
import { IssuerKeys } from './issuer-keys.js';
import { trustedUrl } from './trusted-url.js';

/**
 * Who holds a token of the issuer; undefined when it is none of its tokens. UNAUTHORIZED when it is
 * one that is not good, ISSUER_UNAVAILABLE when that cannot be known now.
 */
export type Issuer = (token: string) => Promise<Identity | undefined>;

/** Signatures with a public key; never `none`, nor with a secret that the key could be taken for. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];
const MAX_TOKEN_LENGTH = 8 * 1024;
/** How far the clocks of the issuer and of this machine may differ. */
const SKEW_SECONDS = 60;

/** An issuer whose tokens are taken. BAD_REQUEST when its URL cannot be trusted. */
export function trustIssuer(settings: OidcSettings, clock: Clock, log: Log): Issuer {
  const { issuer, audience, usernameClaim } = settings;
  trustedUrl('--oidc-issuer', issuer);
  const keys = new IssuerKeys({ fetchKeys: () => fetchKeys(issuer), clock, log });
  return async (token) => {
    if (issuerIn(token) !== issuer) return undefined;
    const { payload } = await jwtVerify(token, (...args) => keys.find(...args), {
      ...{ issuer, audience, algorithms: ALGORITHMS, clockTolerance: SKEW_SECONDS },
      ...{ requiredClaims: ['exp', usernameClaim], currentDate: new Date(clock.now()) },
    }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    const expiresAtMs = ((payload.exp ?? 0) + SKEW_SECONDS) * 1000;
    return { ...identityFrom(payload, settings), expiresAtMs };
  };
}

/** What a token says of where it is from, which is not proven yet. */
function issuerIn(token: string): string | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

function refusalOf(error: unknown): RegistrarError {
  if (error instanceof RegistrarError) return error;
  if (error instanceof errors.JWTExpired) return unauthorized('the token has expired');
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthorized(`the claim "${error.claim}" of the token is not what it must be`);
  }
  return unauthorized('the token is not signed by a key of the issuer');
}
