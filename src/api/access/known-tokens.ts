import { timestamp } from '../../lib/clock.js';
import { printable } from '../../lib/printable.js';
import type { RegistrarError } from '../../model/errors.js';
import type { Identity } from '../../model/identity.js';
import type { ApiDeps } from '../deps.js';
import { LastUse } from './last-use.js';
import { TokenIndex } from './token-index.js';
import { unauthorized } from './unauthorized.js';

/** The tokens that are valid, as the store knows them at any moment. */
export interface KnownTokens {
  /** Who holds a secret, whose use is noted. UNAUTHORIZED when it has ended. */
  find(secret: string): Identity | undefined;
  /** Stops to follow the store. */
  close(): void;
}

/**
 * Follows the tokens in the store: what is acknowledged there holds for the next request. `retire`
 * is called with whoever is revoked or changed.
 */
export function followTokens(
  deps: Pick<ApiDeps, 'registry' | 'clock' | 'log' | 'token'>,
  retire: (identity: Identity) => void,
): KnownTokens {
  const { registry, clock } = deps;
  const uses = new LastUse(deps);
  const index = new TokenIndex(deps.token, retire);
  const { items, resourceVersion } = registry.list('Token');
  for (const { object } of items) index.put(object);
  const close = registry.watch('Token', resourceVersion, ({ type, name, stored }) => {
    if (type !== 'DELETED') return index.put(stored.object);
    index.remove(name);
    uses.forget(name);
  });
  const find: KnownTokens['find'] = (secret) => {
    const identity = index.find(secret);
    if (identity === undefined) return undefined;
    if (hasEnded(identity, clock.now())) throw ended(identity);
    if (identity.tokenId !== undefined) uses.note(identity.tokenId);
    return identity;
  };
  return { find, close };
}

const hasEnded = ({ expiresAtMs = Infinity }: Identity, now: number): boolean => expiresAtMs <= now;

function ended({ name, expiresAtMs = 0 }: Identity): RegistrarError {
  const when = timestamp(expiresAtMs);
  return unauthorized(`the token "${printable(name)}" ended at ${when}: ask for another one`);
}
