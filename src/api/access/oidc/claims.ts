import type { JWTPayload } from 'jose';
import { printable } from '../../../lib/printable.js';
import { groupsOf, MAX_PATTERNS, ROLES } from '../../../model/identity.js';
import type { Identity, Role } from '../../../model/identity.js';
import type { OidcSettings } from '../../../model/oidc-settings.js';
import { ALL_MODULES, isPattern } from '../scope.js';
import { unauthorized } from '../unauthorized.js';

const MAX_NAME_LENGTH = 200;

/**
 * Who the claims of a token with a good signature speak of. UNAUTHORIZED when they do not say a
 * name and a role. Names begin with `oidc:`, so that they are nobody's of our own.
 */
export function identityFrom(claims: JWTPayload, settings: OidcSettings): Identity {
  const username = nameIn(claims, settings.usernameClaim);
  const role = roleIn(claims, settings.roleClaim);
  return {
    ...{ name: `oidc:${username}`, uid: claims.sub ?? username, groups: groupsOf(role), role },
    ...{ modules: modulesIn(claims, role, settings.modulesClaim), exec: false, source: 'oidc' },
  };
}

function nameIn(claims: JWTPayload, claim: string): string {
  const name = claims[claim];
  const isName = typeof name === 'string' && name !== '' && name.length <= MAX_NAME_LENGTH;
  if (isName && printable(name) === name) return name;
  throw unauthorized(`the claim "${claim}" of the token is no name`);
}

function roleIn(claims: JWTPayload, claim: string): Role {
  const role = ROLES.find((known) => known === claims[claim]);
  if (role !== undefined) return role;
  throw unauthorized(`the claim "${claim}" of the token is none of ${ROLES.join(', ')}`);
}

/** A list of patterns, or a text that is one; none when the claim is not there. */
function modulesIn(claims: JWTPayload, role: Role, claim: string | undefined): readonly string[] {
  if (claim === undefined || role !== 'operator') return ALL_MODULES;
  const value = claims[claim] ?? [];
  const patterns: unknown[] = Array.isArray(value) ? value : [value];
  if (patterns.length <= MAX_PATTERNS && patterns.every(isPatternText)) return patterns;
  throw unauthorized(`the claim "${claim}" of the token has what is no name of modules`);
}

const isPatternText = (value: unknown): value is string =>
  typeof value === 'string' && isPattern(value);
