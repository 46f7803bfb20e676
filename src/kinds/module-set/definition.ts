import { MODULE_SET } from '../../model/kinds.js';
import { ModuleSetSchema, wantedReplicas } from '../../model/module-set.js';
import type { ModuleSet, ModuleSetStatus } from '../../model/module-set.js';
import { declaredWriter } from '../declared-writer.js';
import type { KindDefinition } from '../definition.js';
import { MODULE_SET_CHECKS } from './checks.js';
import { MODULE_SET_COLUMNS } from './columns.js';

const INITIAL_STATUS: ModuleSetStatus = {
  observedGeneration: 0,
  conditions: [],
  replicas: 0,
  readyReplicas: 0,
  updatedReplicas: 0,
  selector: '',
  instances: [],
};

/** Many near-identical modules that are stamped from one template. */
export const MODULE_SET_KIND: KindDefinition<ModuleSet> = {
  ...MODULE_SET,
  description: 'Many modules from one template, each with values of its own',
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: ['status', 'scale'],
  selectableFields: ['metadata.name', 'metadata.namespace'],
  schema: ModuleSetSchema,
  columns: MODULE_SET_COLUMNS,
  initialStatus: INITIAL_STATUS,
  writer: declaredWriter(MODULE_SET_CHECKS),
  scale: ({ spec, status }) => ({
    wanted: wantedReplicas(spec),
    present: status.replicas,
    selector: status.selector,
  }),
};
