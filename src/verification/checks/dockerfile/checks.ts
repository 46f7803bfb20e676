import type { Check } from '../../check.js';
import { ADD_CHECKS } from './add.js';
import { BUILDER_CHECKS } from './builder.js';
import { COPY_ARCHIVE } from './copy-archive.js';
import { COPY_FROM_CHECKS } from './copy-from.js';
import { COPY_CHECKS } from './copy.js';
import { DOWNLOADED_PROGRAM } from './downloaded-program.js';
import { FILE_MODE_CHECKS } from './file-modes.js';
import { FROM_CHECKS } from './from.js';
import { HEALTH_SET } from './health.js';
import { INSTRUCTION_CHECKS } from './instructions.js';
import { NAME_CHECKS } from './names.js';
import { ONCE_CHECKS } from './once-per-stage.js';
import { CACHE_CHECKS } from './package-caches.js';
import { PACKAGE_FLAG_CHECKS } from './package-flags.js';
import { PINNED_CHECKS } from './pinned-packages.js';
import { PIP_CACHE } from './pip-cache.js';
import { RUN_PIPEFAIL } from './pipefail.js';
import { PORT_CHECKS } from './ports.js';
import { DOCKERFILE_PRESENT } from './present.js';
import { PRIVILEGE_CHECKS } from './privileges.js';
import { READING_CHECKS } from './reading.js';
import { BASE_REGISTRY } from './registries.js';
import { REMOTE_SCRIPT_CHECKS } from './remote-scripts.js';
import { RPM_CACHE } from './rpm-cache.js';
import { RUN_SHELL_CHECKS } from './run-shell.js';
import { SECRET_IN_RUN } from './secrets-in-run.js';
import { SECRET_CHECKS } from './secrets.js';
import { TLS_VARIABLES } from './tls-variables.js';
import { TLS_CHECKS } from './tls.js';
import { USER_CHECKS } from './user.js';

/** Checks of how the image is built. */
export const DOCKERFILE_CHECKS: readonly Check[] = [
  DOCKERFILE_PRESENT,
  ...READING_CHECKS,
  ...BUILDER_CHECKS,
  ...FROM_CHECKS,
  BASE_REGISTRY,
  ...COPY_FROM_CHECKS,
  ...USER_CHECKS,
  ...PRIVILEGE_CHECKS,
  ...REMOTE_SCRIPT_CHECKS,
  DOWNLOADED_PROGRAM,
  ...TLS_CHECKS,
  TLS_VARIABLES,
  ...SECRET_CHECKS,
  SECRET_IN_RUN,
  ...ADD_CHECKS,
  ...COPY_CHECKS,
  COPY_ARCHIVE,
  ...FILE_MODE_CHECKS,
  ...RUN_SHELL_CHECKS,
  RUN_PIPEFAIL,
  ...PINNED_CHECKS,
  ...PACKAGE_FLAG_CHECKS,
  ...CACHE_CHECKS,
  PIP_CACHE,
  RPM_CACHE,
  ...INSTRUCTION_CHECKS,
  ...ONCE_CHECKS,
  HEALTH_SET,
  ...NAME_CHECKS,
  ...PORT_CHECKS,
];
