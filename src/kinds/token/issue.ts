import { timestamp } from '../../lib/clock.js';
import { RegistrarError } from '../../model/errors.js';
import type { DraftOf, Issued } from '../definition.js';
import { hashOf, newSecret } from './secret.js';
import type { SecretHash, Token, TokenStatus } from './schema.js';

/** Most secrets of one token that are valid at a time. */
const MAX_SECRETS = 5;

/** A new token with its secret, of which the hash alone is stored. */
export function issueToken(draft: DraftOf<Token>): Issued<Token> {
  const secret = newSecret();
  const status = { hashes: [{ sha256: hashOf(secret) }] };
  return { draft: { ...draft, status }, reveal: (token) => withSecret(token, secret) };
}

/** The token as the answer shows it that makes a secret. */
export function withSecret(token: Token, secret: string): Token {
  return { ...token, status: { ...token.status, token: secret } };
}

/**
 * The status of a token that gets another secret: the earlier ones end after the overlap. Throws
 * CONFLICT when too many of them are still valid.
 */
export function rotated(
  { metadata: { name }, status }: Token,
  secret: string,
  { now, overlapMs }: { readonly now: number; readonly overlapMs: number },
): TokenStatus {
  const earlier = status.hashes
    .map((hash) => endingBy(hash, now + overlapMs))
    .filter(({ validUntil }) => Date.parse(validUntil) > now);
  if (earlier.length >= MAX_SECRETS) throw tooManySecrets(name);
  return { ...status, hashes: [...earlier, { sha256: hashOf(secret) }] };
}

function endingBy(hash: SecretHash, atMs: number): Required<SecretHash> {
  const { sha256, validUntil } = hash;
  const ends = validUntil === undefined ? atMs : Math.min(Date.parse(validUntil), atMs);
  return { sha256, validUntil: timestamp(ends) };
}

function tooManySecrets(name: string): RegistrarError {
  const message = `Token "${name}" has ${MAX_SECRETS} secrets that are still valid: rotate it without overlap to end them`;
  return new RegistrarError('CONFLICT', message, { kind: 'Token', name });
}
