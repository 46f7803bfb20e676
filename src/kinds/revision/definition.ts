import { GROUP, VERSION } from '../../model/names.js';
import { AGE, NAME } from '../columns.js';
import type { KindDefinition } from '../definition.js';
import { RevisionSchema } from './schema.js';
import type { Revision } from './schema.js';

/** What each module was made to run, and runs now. The controller writes them. */
export const REVISION_KIND: KindDefinition<Revision> = {
  kind: 'Revision',
  group: GROUP,
  version: VERSION,
  plural: 'revisions',
  singular: 'revision',
  shortNames: ['rev'],
  categories: ['registrar'],
  namespaced: false,
  description: 'An immutable record of one spec, commit and image of a module',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'spec.module'],
  schema: RevisionSchema,
  columns: [
    NAME,
    {
      name: 'Module',
      type: 'string',
      description: 'Name of the module',
      cell: ({ spec }) => spec.module,
    },
    {
      name: 'Number',
      type: 'integer',
      description: 'Counts the revisions of the module',
      cell: ({ spec }) => spec.number,
    },
    {
      name: 'Version',
      type: 'string',
      description: 'Version that the manifest said',
      cell: ({ spec }) => spec.version,
    },
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
