import Type from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import { AGE, NAME } from '../columns.js';
import type { ApiObject, KindDefinition } from '../definition.js';

/** What clients that work in namespaces look for; everything is in `default` or in none. */
export interface Namespace extends ApiObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly status: { readonly phase: 'Active' };
}

const NamespaceSchema = Type.Object(
  {
    apiVersion: Type.Literal('v1', { description: 'Group and version of the kind' }),
    kind: Type.Literal('Namespace', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    status: Type.Object(
      { phase: Type.Literal('Active', { description: 'Always Active' }) },
      { additionalProperties: false, description: 'State of the namespace' },
    ),
  },
  { additionalProperties: false },
);

/** There is one, so that tools made for clusters find where pods and events are. */
export const NAMESPACE_KIND: KindDefinition<Namespace> = {
  kind: 'Namespace',
  group: '',
  version: 'v1',
  plural: 'namespaces',
  singular: 'namespace',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  description: 'Where pods and events are: "default" is the only one',
  verbs: ['get', 'list', 'watch'],
  subresources: [],
  selectableFields: ['metadata.name', 'metadata.namespace'],
  schema: NamespaceSchema,
  columns: [
    NAME,
    {
      name: 'Status',
      type: 'string',
      description: 'Always Active',
      cell: ({ status }) => status.phase,
    },
    AGE,
  ],
  fixed: [
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'default' },
      status: { phase: 'Active' },
    },
  ],
};
