import { versionOf } from '../../model/updates-memory.js';
import type { Module } from '../../model/module.js';
import { AGE, NAME } from '../columns.js';
import type { Column } from '../definition.js';

const orNone = (text: string | undefined): string => text || '<none>';

/** Why the module is not ready, or empty. */
function messageOf({ status }: Module): string {
  const wrong = status.conditions.filter(({ type, status: value }) =>
    type === 'Ready' ? value !== 'True' : ['Stalled', 'ConfigStale'].includes(type),
  );
  const worst = wrong.find(({ type }) => type !== 'Ready') ?? wrong[0];
  return worst?.message ?? '';
}

/** What an operator wants to see of modules. */
export const MODULE_COLUMNS: readonly Column<Module>[] = [
  NAME,
  {
    name: 'Version',
    type: 'string',
    description: 'Version that is wanted: of the manifest, or what was taken up since',
    cell: versionOf,
  },
  {
    name: 'Type',
    type: 'string',
    description: 'What the module does in its subnet',
    cell: ({ spec }) => spec.type,
  },
  {
    name: 'Phase',
    type: 'string',
    description: 'One-word summary of the conditions',
    cell: ({ metadata, status }) =>
      metadata.deletionTimestamp === undefined ? status.phase : 'Terminating',
  },
  {
    name: 'Ready',
    type: 'string',
    description: 'Containers that are ready, of those that are wanted',
    cell: ({ spec, status }) => `${status.readyReplicas}/${spec.suspend ? 0 : spec.replicas}`,
  },
  {
    name: 'Restarts',
    type: 'integer',
    description: 'Restarts of all containers',
    cell: ({ status }) => status.restarts,
  },
  {
    name: 'Commit',
    type: 'string',
    description: 'Commit of the source that runs',
    cell: ({ status }) => orNone(status.commit?.slice(0, 7)),
  },
  AGE,
  {
    name: 'Image',
    type: 'string',
    description: 'Image that runs',
    wide: true,
    cell: ({ spec, status }) => orNone(status.imageReference ?? spec.image),
  },
  {
    name: 'Revision',
    type: 'string',
    description: 'Revision that is wanted now',
    wide: true,
    cell: ({ status }) => orNone(status.currentRevision),
  },
  {
    name: 'Message',
    type: 'string',
    description: 'Why the module is not ready',
    wide: true,
    cell: messageOf,
  },
];
