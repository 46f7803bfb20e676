import { CONTAINER_RULES } from './container-rules.js';
import { DEPENDENCY_RULES } from './dependency-rules.js';
import { GPU_RULES } from './gpu-rules.js';
import { METADATA_RULES } from './metadata-rules.js';
import { NETWORK_RULES } from './network-rules.js';
import { PROGRESS_RULES } from './progress-rules.js';
import type { Rule } from './rule.js';
import { SOURCE_RULES } from './source-rules.js';
import { STORAGE_RULES } from './storage-rules.js';
import { UPDATES_RULES } from './updates-rules.js';

/** All that the schema of a Module cannot say. */
export const MODULE_RULES: readonly Rule[] = [
  ...METADATA_RULES,
  ...CONTAINER_RULES,
  ...GPU_RULES,
  ...NETWORK_RULES,
  ...SOURCE_RULES,
  ...STORAGE_RULES,
  ...PROGRESS_RULES,
  ...UPDATES_RULES,
  ...DEPENDENCY_RULES,
];
