import { RegistrarError } from '../../model/errors.js';
import type { Signer } from '../../model/policy.js';

/** Whether a key is one of those that count at a time. INVALID for a malformed time of the key. */
export function isValidAt({ name, validAfter, validBefore }: Signer, time: string): boolean {
  const at = Date.parse(time);
  const from = validAfter === undefined ? -Infinity : parseTime(validAfter, name);
  const until = validBefore === undefined ? Infinity : parseTime(validBefore, name);
  return from <= at && at < until;
}

function parseTime(text: string, name: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time) && /^\d{4}-\d\d-\d\dT/.test(text)) return time;
  const message = `Cannot use the key of "${name}": write its times like "2026-01-31T00:00:00Z"`;
  throw new RegistrarError('INVALID', message);
}
