import { POLICY } from '../../model/kinds.js';
import { PolicySchema } from '../../model/policy.js';
import type { Policy } from '../../model/policy.js';
import type { KindDefinition } from '../definition.js';
import { POLICY_COLUMNS } from './columns.js';
import { declaredWriter } from '../declared-writer.js';
import { POLICY_CHECKS } from './checks.js';

/** What must hold of modules before they may run, and whose signatures count. */
export const POLICY_KIND: KindDefinition<Policy> = {
  ...POLICY,
  description: 'What must hold of modules before they may run',
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace'],
  schema: PolicySchema,
  columns: POLICY_COLUMNS,
  writer: declaredWriter(POLICY_CHECKS),
};
