import Type from 'typebox';
import type { Static } from 'typebox';
import { keyedBy, SET } from './list-types.js';

/** Sent by clients that read the object first; the server's own value always wins. */
const ServerOwned = { maxLength: 253, description: 'Set by the server' };
const References = (description: string, options = {}) =>
  Type.Array(Type.Record(Type.String(), Type.Unknown()), { maxItems: 64, description, ...options });

/** Fields of Kubernetes' ObjectMeta that Registrar stores. Times are RFC 3339 UTC, whole seconds. */
const metaSchema = (name: Type.TString) =>
  Type.Object(
    {
      name,
      generateName: Type.Optional(
        Type.String({
          maxLength: 58,
          description: 'Beginning of a name that the server completes',
        }),
      ),
      namespace: Type.Optional(
        Type.String({ maxLength: 253, description: 'Ignored: modules are in no namespace' }),
      ),
      uid: Type.Optional(Type.String(ServerOwned)),
      resourceVersion: Type.Optional(Type.String(ServerOwned)),
      generation: Type.Optional(Type.Integer({ description: 'Set by the server' })),
      creationTimestamp: Type.Optional(
        Type.Union([Type.String({ maxLength: 253 }), Type.Null()], {
          description: 'Set by the server',
        }),
      ),
      deletionTimestamp: Type.Optional(Type.String(ServerOwned)),
      deletionGracePeriodSeconds: Type.Optional(Type.Integer({ description: 'Set by the server' })),
      selfLink: Type.Optional(Type.String(ServerOwned)),
      labels: Type.Optional(
        Type.Record(Type.String(), Type.String(), { description: 'To select objects by' }),
      ),
      annotations: Type.Optional(
        Type.Record(Type.String(), Type.String(), { description: 'Notes of people and tools' }),
      ),
      finalizers: Type.Optional(
        Type.Array(Type.String({ maxLength: 253 }), {
          maxItems: 64,
          description: 'What must be done before a deleted object is gone',
          ...SET,
        }),
      ),
      ownerReferences: Type.Optional(
        References('Objects that this one belongs to', keyedBy('uid')),
      ),
      managedFields: Type.Optional(References('Who set which field')),
    },
    { additionalProperties: false, description: 'Standard object metadata' },
  );

/** Metadata of a module: the name is also that of containers, so it is short. */
export const ObjectMetaSchema = metaSchema(
  Type.String({
    description: 'Unique name of the object',
    minLength: 3,
    maxLength: 63,
    pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    'x-expected': 'lower-case letters, digits and "-", with a letter or digit at both ends',
  }),
);

/** Metadata of objects whose name may be any that Kubernetes allows: a subdomain of RFC 1123. */
export const AnyObjectMetaSchema = metaSchema(
  Type.String({
    description: 'Unique name of the object',
    minLength: 1,
    maxLength: 253,
    pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
    'x-expected': 'lower-case letters, digits, "-" and ".", with a letter or digit at both ends',
  }),
);

export type ObjectMeta = Static<typeof ObjectMetaSchema>;

/** Metadata of an object as stored: the server-owned fields are always there. */
export type StoredMeta = Omit<
  ObjectMeta,
  'uid' | 'resourceVersion' | 'generation' | 'creationTimestamp'
> & {
  uid: string;
  /** Decimal string of the one global counter. */
  resourceVersion: string;
  /** 1 at creation, +1 with each change of the spec and when deletion starts. */
  generation: number;
  creationTimestamp: string;
};
