import { AGE, NAME } from '../columns.js';
import type { Column } from '../definition.js';
import type { Secret } from './schema.js';

export const SECRET_COLUMNS: readonly Column<Secret>[] = [
  NAME,
  {
    name: 'Type',
    type: 'string',
    description: 'What the values are for',
    cell: ({ type }) => type,
  },
  {
    name: 'Data',
    type: 'integer',
    description: 'Number of values',
    cell: ({ data }) => Object.keys(data).length,
  },
  AGE,
  {
    name: 'Modules',
    type: 'string',
    description: 'Modules that may use it',
    wide: true,
    cell: ({ modules = ['*'] }) => modules.join(','),
  },
  {
    name: 'Keys',
    type: 'string',
    description: 'Names of the values',
    wide: true,
    cell: ({ data }) => Object.keys(data).join(','),
  },
];
