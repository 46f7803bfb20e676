import { TOKEN } from '../../model/kinds.js';
import type { KindDefinition } from '../definition.js';
import { TOKEN_COLUMNS } from './columns.js';
import { issueToken } from './issue.js';
import { TokenSchema } from './schema.js';
import type { Token } from './schema.js';
import { TOKEN_WRITER } from './writer.js';

/** Who may use the API beside those who have the data directory, and what they may do. */
export const TOKEN_KIND: KindDefinition<Token> = {
  ...TOKEN,
  description: 'Lets a person or a program use the API',
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'spec.role'],
  schema: TokenSchema,
  columns: TOKEN_COLUMNS,
  writer: TOKEN_WRITER,
  issue: issueToken,
};
