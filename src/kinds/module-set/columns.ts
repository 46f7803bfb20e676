import type { ModuleSet } from '../../model/module-set.js';
import { wantedReplicas } from '../../model/module-set.js';
import { AGE, NAME } from '../columns.js';
import type { Column } from '../definition.js';

/** What keeps the set from being as it is wanted, or empty. */
function messageOf({ status: { conditions } }: ModuleSet): string {
  const wrong = ['Stalled', 'ConfigStale'].map((type) =>
    conditions.find((one) => one.type === type),
  );
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status !== 'True');
  return (wrong.find(Boolean) ?? ready)?.message ?? '';
}

const ofWanted = (count: number, { spec }: ModuleSet): string => `${count}/${wantedReplicas(spec)}`;

/** What an operator wants to see of sets. */
export const MODULE_SET_COLUMNS: readonly Column<ModuleSet>[] = [
  NAME,
  {
    name: 'Ready',
    type: 'string',
    description: 'Modules that are Ready, of those that are wanted',
    cell: (set) => ofWanted(set.status.readyReplicas, set),
  },
  {
    name: 'Updated',
    type: 'string',
    description: 'Modules that are as the template says now, of those that are wanted',
    cell: (set) => ofWanted(set.status.updatedReplicas, set),
  },
  {
    name: 'State',
    type: 'string',
    description: 'Converged, or what the set is at',
    cell: ({ status }) =>
      status.conditions.find(({ type }) => type === 'Progressing')?.reason ?? 'Pending',
  },
  AGE,
  {
    name: 'Selector',
    type: 'string',
    description: 'Label selector of the modules',
    wide: true,
    cell: ({ status }) => status.selector,
  },
  {
    name: 'Message',
    type: 'string',
    description: 'Why the set is not ready',
    wide: true,
    cell: messageOf,
  },
];
