import type { SecretHash, Token } from '../../kinds/token/schema.js';
import { groupsOf } from '../../model/identity.js';
import type { Identity } from '../../model/identity.js';
import { ALL_MODULES } from './scope.js';

/** Who holds each secret of a token, by the hash of the secret: nobody once it is being deleted. */
export function identitiesOf(token: Token): Map<string, Identity> {
  if (token.metadata.deletionTimestamp !== undefined) return new Map();
  return new Map(token.status.hashes.map((hash) => [hash.sha256, identityOf(token, hash)]));
}

function identityOf({ metadata, spec }: Token, { validUntil }: SecretHash): Identity {
  const { name, uid } = metadata;
  const { role, modules = ALL_MODULES, exec, expiresAt } = spec;
  const ends = [expiresAt, validUntil].filter((time) => time !== undefined).map(Date.parse);
  return {
    ...{ name, uid, groups: groupsOf(role), role, modules, exec },
    ...{ tokenId: name, source: 'token' },
    ...(ends.length > 0 && { expiresAtMs: Math.min(...ends) }),
  };
}
