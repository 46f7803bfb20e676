import { ageOf } from '../lib/duration.js';
import type { ApiObject, Column } from './definition.js';

export const NAME: Column<ApiObject> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name of the object, unique among those of its kind',
  cell: ({ metadata }) => metadata.name,
};

export const AGE: Column<ApiObject> = {
  name: 'Age',
  type: 'date',
  description: 'Time since the object was created',
  cell: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
};
