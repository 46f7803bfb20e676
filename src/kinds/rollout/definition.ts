import { ROLLOUT } from '../../model/kinds.js';
import { AGE, MODULE_COLUMN, NAME, VERSION_COLUMN } from '../columns.js';
import type { KindDefinition } from '../definition.js';
import { RolloutKindSchema } from './schema.js';
import type { Rollout } from './schema.js';

const SHORT = 7;

/** What was changed of the modules, by whom, and what came of it. The controller writes them. */
export const ROLLOUT_KIND: KindDefinition<Rollout> = {
  ...ROLLOUT,
  description: 'The receipt of one change of a module from one revision to another',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'spec.module'],
  schema: RolloutKindSchema,
  columns: [
    NAME,
    MODULE_COLUMN,
    VERSION_COLUMN,
    {
      name: 'From',
      type: 'string',
      description: 'Revision that ran before',
      cell: ({ spec }) => spec.from?.slice(0, SHORT) ?? '<none>',
    },
    {
      name: 'To',
      type: 'string',
      description: 'Revision that was to run',
      cell: ({ spec }) => spec.to.slice(0, SHORT),
    },
    {
      name: 'State',
      type: 'string',
      description: 'How it stands, or how it ended',
      cell: ({ spec }) => spec.state,
    },
    {
      name: 'Reason',
      type: 'string',
      description: 'Why it failed',
      cell: ({ spec }) => spec.reason ?? '',
    },
    AGE,
    {
      name: 'Actor',
      type: 'string',
      description: 'Who changed the module',
      wide: true,
      cell: ({ spec }) => spec.actor,
    },
  ],
};
