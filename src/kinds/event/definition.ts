import type { Event } from '../../model/event.js';
import { EVENT } from '../../model/kinds.js';
import type { KindDefinition } from '../definition.js';
import { schemaWriter } from '../schema-writer.js';
import { EVENT_COLUMNS } from './columns.js';
import { EventSchema } from './schema.js';

const INVOLVED = ['apiVersion', 'fieldPath', 'kind', 'name', 'namespace', 'resourceVersion', 'uid'];

/** What happened to objects; repeats are counted. */
export const EVENT_KIND: KindDefinition<Event> = {
  ...EVENT,
  description: 'Something that happened to an object',
  verbs: ['create', 'get', 'list', 'watch'],
  subresources: [],
  selectableFields: [
    'metadata.name',
    'metadata.namespace',
    ...INVOLVED.map((field) => `involvedObject.${field}`),
    'reason',
    'type',
    'source',
    'reportingComponent',
  ],
  fieldPaths: { source: 'source.component' },
  schema: EventSchema,
  columns: EVENT_COLUMNS,
  writer: schemaWriter(EVENT, EventSchema),
};
