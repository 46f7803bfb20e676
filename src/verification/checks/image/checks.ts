import type { Check } from '../../check.js';
import { COSIGN } from './cosign.js';
import { PINNED_DIGEST } from './digest.js';
import { LABELS, REVISION_LABEL } from './labels.js';
import { PLATFORM } from './platform.js';
import { DECLARED_VOLUMES, ENTRY_POINT, EXPOSED_PORTS, IMAGE_HEALTH_CHECK } from './runs.js';
import { IMAGE_SECRET_ENV, IMAGE_TOKENS } from './secrets.js';
import { IMAGE_SIZE } from './size.js';
import { IMAGE_USER } from './user.js';

/** Checks of the image that is to run. */
export const IMAGE_CHECKS: readonly Check[] = [
  ...[PINNED_DIGEST, COSIGN, PLATFORM, LABELS, REVISION_LABEL],
  ...[IMAGE_TOKENS, IMAGE_SECRET_ENV],
  ...[IMAGE_USER, ENTRY_POINT, EXPOSED_PORTS, DECLARED_VOLUMES, IMAGE_HEALTH_CHECK, IMAGE_SIZE],
];
