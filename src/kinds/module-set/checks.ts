import type { KindChecks } from '../../manifest/check.js';
import { schemaCheck } from '../../manifest/schema-check.js';
import { MODULE_SET } from '../../model/kinds.js';
import { ModuleSetSchema } from '../../model/module-set.js';
import { moduleSetRules } from './rules.js';

/** What must hold of a ModuleSet that somebody writes. */
export const MODULE_SET_CHECKS: KindChecks = {
  names: MODULE_SET,
  schema: schemaCheck(ModuleSetSchema),
  rules: moduleSetRules,
};
