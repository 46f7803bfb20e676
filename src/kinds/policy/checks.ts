import { applyRules } from '../../manifest/apply-rules.js';
import type { KindChecks } from '../../manifest/check.js';
import { METADATA_RULES } from '../../manifest/metadata-rules.js';
import { schemaCheck } from '../../manifest/schema-check.js';
import { POLICY } from '../../model/kinds.js';
import { PolicySchema } from '../../model/policy.js';
import { policyRules } from './rules.js';

/** What must hold of a Policy that somebody writes. */
export const POLICY_CHECKS: KindChecks = {
  names: POLICY,
  schema: schemaCheck(PolicySchema),
  rules: (value, invalid) => [
    ...applyRules(METADATA_RULES, value, invalid),
    ...policyRules(value, invalid),
  ],
};
