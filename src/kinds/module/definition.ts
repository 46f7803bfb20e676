import { MODULE_CHECKS } from '../../manifest/check.js';
import { MODULE } from '../../model/kinds.js';
import { ModuleSchema } from '../../model/module.js';
import type { Module } from '../../model/module.js';
import type { ModuleStatus } from '../../model/module-status.js';
import { MODULE_LABEL } from '../../model/owner.js';
import type { KindDefinition } from '../definition.js';
import { MODULE_COLUMNS } from './columns.js';
import { declaredWriter } from '../declared-writer.js';
import { MODULE_RELATIONS } from './relations.js';

const INITIAL_STATUS: ModuleStatus = {
  phase: 'Pending',
  observedGeneration: 0,
  conditions: [],
  replicas: 0,
  readyReplicas: 0,
  restarts: 0,
  containers: [],
};

/** What people declare: a program of a subnet that is kept running. */
export const MODULE_KIND: KindDefinition<Module> = {
  ...MODULE,
  description: 'A miner, validator, observer, inference or storage module that is kept running',
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: ['status', 'scale'],
  selectableFields: ['metadata.name', 'metadata.namespace', 'status.phase'],
  schema: ModuleSchema,
  columns: MODULE_COLUMNS,
  initialStatus: INITIAL_STATUS,
  writer: declaredWriter(MODULE_CHECKS),
  relations: MODULE_RELATIONS,
  scale: ({ metadata, spec, status }) => ({
    wanted: spec.replicas,
    present: status.replicas,
    selector: `${MODULE_LABEL}=${metadata.name}`,
  }),
};
