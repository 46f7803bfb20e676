import type { Check } from '../../check.js';
import { COMMIT_SIGNATURE } from './signature.js';

/** Checks of who made the commit. */
export const COMMIT_CHECKS: readonly Check[] = [COMMIT_SIGNATURE];
