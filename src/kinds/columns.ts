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

/** An object about a version of a module. */
interface OfModule extends ApiObject {
  readonly spec: { readonly module: string; readonly version: string };
}

export const MODULE_COLUMN: Column<OfModule> = {
  name: 'Module',
  type: 'string',
  description: 'Name of the module',
  cell: ({ spec }) => spec.module,
};

export const VERSION_COLUMN: Column<OfModule> = {
  name: 'Version',
  type: 'string',
  description: 'Version that the manifest said',
  cell: ({ spec }) => spec.version,
};
