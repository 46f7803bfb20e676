import type { Policy } from '../../model/policy.js';
import { AGE, NAME } from '../columns.js';
import type { Column } from '../definition.js';

/** The selector in a line: `type=miner,subnet=17`. */
function selected({ spec: { selector } }: Policy): string {
  const { matchLabels = {}, types = [], repositories = [] } = selector;
  const parts = [
    ...types.map((type) => `type=${type}`),
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...repositories,
  ];
  return parts.join(',') || '<all>';
}

export const POLICY_COLUMNS: readonly Column<Policy>[] = [
  NAME,
  {
    name: 'Priority',
    type: 'integer',
    description: 'The one with the highest decides about a module that several select',
    cell: ({ spec }) => spec.priority,
  },
  { name: 'Selects', type: 'string', description: 'Modules that it is for', cell: selected },
  {
    name: 'Checks',
    type: 'integer',
    description: 'Checks that are not as they are by themselves',
    cell: ({ spec }) => spec.checks.length,
  },
  {
    name: 'Signers',
    type: 'integer',
    description: 'Keys whose signature of a commit is taken',
    cell: ({ spec }) => spec.signers.length,
  },
  AGE,
];
