import { ageOf, formatAge } from '../../lib/duration.js';
import { AGE, NAME } from '../columns.js';
import type { Column } from '../definition.js';
import type { Token } from './schema.js';

/** Time that is left, as ages are shown. */
function remaining({ spec: { expiresAt } }: Token, now: number): string {
  if (expiresAt === undefined) return '<never>';
  const left = Date.parse(expiresAt) - now;
  return left > 0 ? formatAge(left) : '<expired>';
}

export const TOKEN_COLUMNS: readonly Column<Token>[] = [
  NAME,
  {
    name: 'Role',
    type: 'string',
    description: 'What its holder may do',
    cell: ({ spec }) => spec.role,
  },
  {
    name: 'Modules',
    type: 'string',
    description: 'Modules that an operator may change',
    cell: ({ spec }) => (spec.role === 'operator' ? (spec.modules ?? ['*']).join(',') : '<all>'),
  },
  { name: 'Expires', type: 'string', description: 'Time until it ends', cell: remaining },
  {
    name: 'Last Used',
    type: 'string',
    description: 'Time since it was last used, to the minute',
    cell: ({ status: { lastUsedAt } }, now) =>
      lastUsedAt === undefined ? '<never>' : ageOf(lastUsedAt, now),
  },
  AGE,
  {
    name: 'Exec',
    type: 'string',
    description: 'Whether it may run commands in containers',
    wide: true,
    cell: ({ spec }) => String(spec.exec),
  },
];
