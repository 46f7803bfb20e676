import { SECRET } from '../../model/kinds.js';
import type { KindDefinition } from '../definition.js';
import { SECRET_COLUMNS } from './columns.js';
import { SecretSchema } from './schema.js';
import type { Secret } from './schema.js';
import { sealValues } from './seal-values.js';
import { SECRET_WRITER } from './writer.js';

/** Values that modules use and that nobody can read through the API. */
export const SECRET_KIND: KindDefinition<Secret> = {
  ...SECRET,
  description: 'Values that modules use and that nobody can read',
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'type'],
  schema: SecretSchema,
  columns: SECRET_COLUMNS,
  initialStatus: { revision: 0, keys: {} },
  writer: SECRET_WRITER,
  seal: sealValues,
};
