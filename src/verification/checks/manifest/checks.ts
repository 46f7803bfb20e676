import type { Check } from '../../check.js';
import { DEPENDENCIES, REGISTRAR_RANGE } from './compatibility.js';
import { ENGINE_SOCKET } from './engine-socket.js';
import { HEALTH_CHECK, PROBE_BOUNDS } from './health-check.js';
import { HOST_PATHS } from './host-paths.js';
import { LICENCE } from './licence.js';
import { LIMITS } from './limits.js';
import { HOST_PORTS, PUBLISHED_PORTS } from './ports.js';
import { CAPABILITIES, READ_ONLY_ROOT, RUN_AS_ROOT } from './privileges.js';
import { IMAGE_DIGEST, IMAGE_REGISTRY } from './registry.js';
import { REPOSITORY_HOST, REPOSITORY_SCHEME } from './repository.js';
import { REQUIRED_ENV } from './required-env.js';
import { COLDKEY_ENV, KNOWN_TOKENS, MNEMONIC, SECRET_ENV } from './secrets.js';
import { COMMIT_PINNED, RELEASE_VERSION, VERSION_TAG } from './source-version.js';
import { COLDKEY_MOUNT, WALLET_READ_ONLY } from './wallets.js';

/** Checks of what the manifest says. */
export const MANIFEST_CHECKS: readonly Check[] = [
  ...[IMAGE_REGISTRY, IMAGE_DIGEST],
  ...[REPOSITORY_SCHEME, REPOSITORY_HOST, COMMIT_PINNED, VERSION_TAG, RELEASE_VERSION],
  ...[REGISTRAR_RANGE, DEPENDENCIES, LICENCE],
  ...[ENGINE_SOCKET, HOST_PATHS, WALLET_READ_ONLY, COLDKEY_MOUNT],
  ...[COLDKEY_ENV, MNEMONIC, KNOWN_TOKENS, SECRET_ENV, REQUIRED_ENV],
  ...[RUN_AS_ROOT, READ_ONLY_ROOT, CAPABILITIES, LIMITS],
  ...[HOST_PORTS, PUBLISHED_PORTS, HEALTH_CHECK, PROBE_BOUNDS],
];
