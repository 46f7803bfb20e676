import { printable } from '../lib/printable.js';

/** Longest text of git or a remote that is passed on. */
const MAX_TEXT = 500;

/** Text without the user and password of any URL in it. */
export function maskCredentials(text: string): string {
  return text.replaceAll(/:\/\/[^\s/'"<>]*@/g, '://***@');
}

/** Text of git or a remote, safe to show: one bounded line without credentials. */
export function cleanText(text: string, maxLength = MAX_TEXT): string {
  // A sequence that moves the cursor or paints is more than its first character.
  // oxlint-disable-next-line no-control-regex -- it is what is looked for
  const plain = text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '');
  return printable(maskCredentials(plain).replaceAll(/\s+/g, ' ').trim(), maxLength);
}
