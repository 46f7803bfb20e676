import { MODULE_VERSION } from '../../model/kinds.js';
import { AGE, MODULE_COLUMN, NAME, VERSION_COLUMN } from '../columns.js';
import type { KindDefinition } from '../definition.js';
import { ModuleVersionSchema } from './schema.js';
import type { ModuleVersion } from './schema.js';

/** What can be installed of each module. The controller writes them; they outlive their module. */
export const MODULE_VERSION_KIND: KindDefinition<ModuleVersion> = {
  ...MODULE_VERSION,
  description: 'A version of a module that was verified, with its package',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: [
    ...['metadata.name', 'metadata.namespace'],
    ...['spec.module', 'spec.version', 'spec.type', 'spec.author', 'spec.license', 'spec.commit'],
  ],
  searched: ({ metadata, spec }) => [
    ...[spec.module, spec.description, spec.author, spec.type],
    ...Object.entries(metadata.labels ?? {}).map(([key, value]) => `${key}=${value}`),
  ],
  schema: ModuleVersionSchema,
  initialStatus: { downloads: 0 },
  columns: [
    NAME,
    MODULE_COLUMN,
    VERSION_COLUMN,
    {
      name: 'Type',
      type: 'string',
      description: 'What the module does in its subnet',
      cell: ({ spec }) => spec.type,
    },
    {
      name: 'Commit',
      type: 'string',
      description: 'Commit of the source',
      cell: ({ spec }) => spec.commit.slice(0, 7),
    },
    {
      name: 'Downloads',
      type: 'integer',
      description: 'How often its package was downloaded',
      cell: ({ status }) => status.downloads,
    },
    {
      name: 'State',
      type: 'string',
      description: 'Published, Deprecated or Yanked',
      cell: stateOf,
    },
    AGE,
    {
      name: 'Description',
      type: 'string',
      description: 'What it is, for people',
      wide: true,
      cell: ({ spec }) => spec.description,
    },
  ],
};

function stateOf({ status }: ModuleVersion): string {
  if (status.yanked !== undefined) return 'Yanked';
  return status.deprecated === undefined ? 'Published' : 'Deprecated';
}
