/** Longest address that is looked at; no manifest may have a longer one. */
const MAX_LENGTH = 2048;

/**
 * What is the same for all addresses of a repository: host and path, whatever the scheme, the port
 * and the user, so that a push that names it by https finds who fetches it by ssh. Empty for text
 * that is no address. It decides about nothing but whose turn it is to look.
 */
export function repositoryKey(address: string): string {
  if (address.length > MAX_LENGTH) return '';
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(address) ?? [];
  // Without a scheme it is `user@host:path`, as people write it for ssh.
  const text = (scheme === undefined ? address.replace(':', '/') : (rest ?? '')).toLowerCase();
  const slash = text.indexOf('/');
  if (slash < 0) return '';
  const host = text
    .slice(0, slash)
    .replace(/^[^@]*@/, '')
    .replace(/:\d+$/, '');
  const path = text
    .slice(slash)
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  return `${host}${path}`;
}
