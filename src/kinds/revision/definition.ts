import { REVISION } from '../../model/kinds.js';
import { AGE, MODULE_COLUMN, NAME, VERSION_COLUMN } from '../columns.js';
import type { KindDefinition } from '../definition.js';
import { RevisionSchema } from './schema.js';
import type { Revision } from './schema.js';

/** What each module was made to run, and runs now. The controller writes them. */
export const REVISION_KIND: KindDefinition<Revision> = {
  ...REVISION,
  description: 'An immutable record of one spec, commit and image of a module',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'spec.module'],
  schema: RevisionSchema,
  columns: [
    NAME,
    MODULE_COLUMN,
    {
      name: 'Number',
      type: 'integer',
      description: 'Counts the revisions of the module',
      cell: ({ spec }) => spec.number,
    },
    VERSION_COLUMN,
    {
      name: 'Image',
      type: 'string',
      description: 'Image as the manifest names it',
      cell: ({ spec }) => spec.image,
    },
    AGE,
    {
      name: 'Digest',
      type: 'string',
      description: 'Digest of the image',
      wide: true,
      cell: ({ spec }) => spec.imageDigest,
    },
  ],
};
