import { BOOTSTRAP_NAME, groupsOf, LOCAL_NAME } from '../../model/identity.js';
import type { Identity } from '../../model/identity.js';
import { ALL_MODULES } from './scope.js';

const ADMIN = { groups: groupsOf('admin'), role: 'admin', modules: ALL_MODULES } as const;

/** Who comes through the unix socket, which the file system protects. */
export const LOCAL: Identity = {
  ...{ ...ADMIN, name: LOCAL_NAME, uid: LOCAL_NAME },
  ...{ exec: false, source: 'socket' },
};

/** Who has the token in the data directory. */
export const BOOTSTRAP: Identity = {
  ...{ ...ADMIN, name: BOOTSTRAP_NAME, uid: BOOTSTRAP_NAME },
  ...{ exec: false, source: 'bootstrap' },
};
