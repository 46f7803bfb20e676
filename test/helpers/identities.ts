import { groupsOf } from '../../src/model/identity.js';
import type { Identity, Role } from '../../src/model/identity.js';

/** Somebody with a token of that role, called after it. */
export const anIdentity = (role: Role, overrides: Partial<Identity> = {}): Identity => ({
  ...{ name: role, uid: `uid-of-${role}`, groups: groupsOf(role), role },
  ...{ modules: ['*'], exec: false, tokenId: role, source: 'token' },
  ...overrides,
});
