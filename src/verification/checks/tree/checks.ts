import type { Check } from '../../check.js';
import { BIDI_TEXT } from './bidi.js';
import { ARCHIVED, BINARIES } from './binaries.js';
import { LFS_POINTERS, SUBMODULES } from './contents-elsewhere.js';
import { INSTALL_SCRIPTS } from './dependencies/install-scripts.js';
import { LOCK_FILES } from './dependencies/lock-files.js';
import { PACKAGE_INDEXES } from './dependencies/package-indexes.js';
import { REMOTE_DEPENDENCIES } from './dependencies/remote-dependencies.js';
import { PINNED_REQUIREMENTS } from './dependencies/requirements.js';
import { DOCKERIGNORE } from './dockerignore.js';
import { ENV_CONTRACT } from './env-contract.js';
import { LICENCE } from './licence.js';
import { DECEPTIVE_NAMES, NAME_CLASHES, PATH_LENGTHS } from './names.js';
import { SET_ID_FILES, WORLD_WRITABLE } from './permissions.js';
import { ASSIGNED_SECRETS } from './secrets/assigned-secrets.js';
import { CREDENTIAL_FILES } from './secrets/credential-files.js';
import { ENV_FILES, ENV_SECRETS } from './secrets/env-files.js';
import { PRIVATE_KEYS } from './secrets/private-keys.js';
import { TOKENS } from './secrets/tokens.js';
import { WALLETS } from './secrets/wallets.js';
import { LARGE_FILES } from './sizes.js';
import { SPECIAL_FILES } from './special-files.js';
import { SYMLINKS } from './symlinks.js';
import { VULNERABILITIES } from './vulnerabilities.js';

/** Checks of the files of the source. */
export const TREE_CHECKS: readonly Check[] = [
  TOKENS,
  PRIVATE_KEYS,
  WALLETS,
  CREDENTIAL_FILES,
  ENV_SECRETS,
  ENV_FILES,
  ASSIGNED_SECRETS,
  SYMLINKS,
  SPECIAL_FILES,
  SET_ID_FILES,
  WORLD_WRITABLE,
  NAME_CLASHES,
  DECEPTIVE_NAMES,
  PATH_LENGTHS,
  BIDI_TEXT,
  LARGE_FILES,
  BINARIES,
  ARCHIVED,
  SUBMODULES,
  LFS_POINTERS,
  DOCKERIGNORE,
  LICENCE,
  LOCK_FILES,
  PINNED_REQUIREMENTS,
  REMOTE_DEPENDENCIES,
  PACKAGE_INDEXES,
  INSTALL_SCRIPTS,
  VULNERABILITIES,
  ENV_CONTRACT,
];
