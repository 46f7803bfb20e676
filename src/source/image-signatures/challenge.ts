import { parseUrl } from '../../lib/parse-url.js';
/** What a registry wants to be told who asks: the login itself, or a token from somewhere. */
export type Challenge =
  { readonly scheme: 'basic' } | { readonly scheme: 'bearer'; readonly tokenUrl: URL };

const MAX_LENGTH = 4096;
const PARAMETER = /([a-z]{1,32})="([^"]*)"/gi;

/**
 * Reads the header `WWW-Authenticate` of an answer; undefined for what is not understood. The token
 * asked for is one that can pull from the repository, and nothing else.
 */
export function parseChallenge(header: string, repository: string): Challenge | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  if (/^basic\b/i.test(header)) return { scheme: 'basic' };
  if (!/^bearer\s/i.test(header)) return undefined;
  const found = new Map(
    [...header.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const tokenUrl = parseUrl(found.get('realm') ?? '');
  if (tokenUrl === undefined) return undefined;
  const service = found.get('service');
  if (service !== undefined) tokenUrl.searchParams.set('service', service);
  tokenUrl.searchParams.set('scope', `repository:${repository}:pull`);
  return { scheme: 'bearer', tokenUrl };
}
