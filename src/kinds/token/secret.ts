import { hash, randomBytes } from 'node:crypto';

const PREFIX = 'rgt_';
const SECRET_BYTES = 32;
const CHECKSUM_LENGTH = 6;

const sha256 = (text: string): string => hash('sha256', text);

/**
 * A new secret: 256 random bits between a prefix and a checksum, so that scanners know a leaked one.
 */
export function newSecret(): string {
  return withChecksum(randomBytes(SECRET_BYTES).toString('base64url'));
}

/** Whether a text has the form of a secret and its checksum fits. */
export function isSecret(text: string): boolean {
  const secret = text.slice(PREFIX.length, -CHECKSUM_LENGTH);
  return /^rgt_[\w-]{49}$/.test(text) && text === withChecksum(secret);
}

/** SHA-256 of a secret in hex: what is kept of it. */
export const hashOf = (secret: string): string => sha256(secret);

function withChecksum(secret: string): string {
  return `${PREFIX}${secret}${sha256(secret).slice(0, CHECKSUM_LENGTH)}`;
}
