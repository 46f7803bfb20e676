import { isLoopback } from '../../../lib/loopback.js';
import { printable } from '../../../lib/printable.js';
import { RegistrarError } from '../../../model/errors.js';
import { parseUrl } from '../../../lib/parse-url.js';

/**
 * A URL that keys may be fetched from: https, or http on a loopback address, without credentials.
 * BAD_REQUEST for others; `what` names it.
 */
export function trustedUrl(what: string, text: string): URL {
  const url = parseUrl(text);
  const isPlain = url?.username === '' && url.password === '' && url.hash === '';
  if (url !== undefined && isPlain && isSafe(url)) return url;
  const message = `${what} "${printable(text)}" must be an https URL without credentials, or http on a loopback address`;
  throw new RegistrarError('BAD_REQUEST', message);
}

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
