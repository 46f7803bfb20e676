import Type from 'typebox';
import type { Static } from 'typebox';

export {
  API_VERSION,
  CONFIG_FILE_ANNOTATION,
  CONTAINERS_FINALIZER,
  GROUP,
  RESTARTED_AT_ANNOTATION,
  VERSION,
} from './names.js';

const StringMap = Type.Record(Type.String(), Type.String());

/** Kubernetes ObjectMeta, the part that Registrar stores. Times are RFC 3339 UTC, whole seconds. */
export const ObjectMetaSchema = Type.Object(
  {
    name: Type.String({
      description: 'Unique name of the object',
      minLength: 3,
      maxLength: 63,
      pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
    }),
    generateName: Type.Optional(Type.String()),
    namespace: Type.Optional(Type.String()),
    uid: Type.Optional(Type.String()),
    resourceVersion: Type.Optional(Type.String()),
    generation: Type.Optional(Type.Integer()),
    creationTimestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    deletionTimestamp: Type.Optional(Type.String()),
    deletionGracePeriodSeconds: Type.Optional(Type.Integer()),
    selfLink: Type.Optional(Type.String()),
    labels: Type.Optional(StringMap),
    annotations: Type.Optional(StringMap),
    finalizers: Type.Optional(Type.Array(Type.String())),
    ownerReferences: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
    managedFields: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  },
  { additionalProperties: false, description: 'Standard object metadata' },
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
