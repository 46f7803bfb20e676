import type { Module } from '../../model/module.js';
import { AGE, NAME } from '../columns.js';
import type { KindDefinition, Mirror } from '../definition.js';
import { podsOf } from './derive.js';
import { PodSchema } from './schema.js';
import type { Pod } from './schema.js';

const MIRROR: Mirror<Pod, Module> = { of: 'Module', derive: podsOf };

const containerOf = ({ status }: Pod) => status.containerStatuses[0];

/** What kubectl shows as STATUS: why it waits or how it ended, else the phase. */
function statusText({ status, ...pod }: Pod): string {
  if (status.phase === 'Unknown') return status.phase;
  const state = containerOf({ status, ...pod })?.state;
  return state?.waiting?.reason ?? state?.terminated?.reason ?? status.phase;
}

/** Containers as pods, so that tools for pods can show them and their logs. */
export const POD_KIND: KindDefinition<Pod> = {
  kind: 'Pod',
  group: '',
  version: 'v1',
  plural: 'pods',
  singular: 'pod',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  description: 'A container of a module, in the form that tools for pods know',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace', 'spec.nodeName', 'status.phase'],
  schema: PodSchema,
  columns: [
    NAME,
    {
      name: 'Ready',
      type: 'string',
      description: 'Containers that are ready, of those in the pod',
      cell: (pod) => `${containerOf(pod)?.ready === true ? 1 : 0}/1`,
    },
    {
      name: 'Status',
      type: 'string',
      description: 'What the container does, or why it does not run',
      cell: statusText,
    },
    {
      name: 'Restarts',
      type: 'integer',
      description: 'Restarts by the engine and by Registrar',
      cell: (pod) => containerOf(pod)?.restartCount ?? 0,
    },
    AGE,
    {
      name: 'Image',
      type: 'string',
      description: 'Image that the container was made from',
      wide: true,
      cell: ({ spec }) => spec.containers[0]?.image ?? '<none>',
    },
    {
      name: 'Node',
      type: 'string',
      description: 'The machine',
      wide: true,
      cell: ({ spec }) => spec.nodeName,
    },
  ],
  mirror: MIRROR,
};
