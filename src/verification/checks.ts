import type { Check } from './check.js';
import { COMMIT_CHECKS } from './checks/commit/checks.js';
import { DOCKERFILE_CHECKS } from './checks/dockerfile/checks.js';
import { IMAGE_CHECKS } from './checks/image/checks.js';
import { MANIFEST_CHECKS } from './checks/manifest/checks.js';
import { TREE_CHECKS } from './checks/tree/checks.js';

/** Every check there is. A new one is a file below `checks/`, and a row in the list of its folder. */
export const CHECKS: readonly Check[] = [
  ...MANIFEST_CHECKS,
  ...COMMIT_CHECKS,
  ...TREE_CHECKS,
  ...DOCKERFILE_CHECKS,
  ...IMAGE_CHECKS,
];

const byId = new Map(CHECKS.map((check) => [check.id, check]));

/** The check with an id; undefined when there is none. */
export const checkOf = (id: string): Check | undefined => byId.get(id);
