import { printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';

/** SHA-1 or SHA-256, in full. */
const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export const isCommitId = (text: string): boolean => COMMIT_ID.test(text);

/** A full commit id in lower case; INVALID for anything else, abbreviations too. */
export function parseCommitId(text: string): string {
  const id = text.toLowerCase();
  if (isCommitId(id)) return id;
  const message = `Cannot use commit "${printable(text, 80)}": write all 40 or 64 hexadecimal digits, as "git rev-parse" prints them`;
  throw new RegistrarError('INVALID', message);
}
