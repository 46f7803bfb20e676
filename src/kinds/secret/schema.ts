import Type from 'typebox';
import type { Static } from 'typebox';
import { MAX_PATTERNS, MODULE_PATTERN } from '../../model/identity.js';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';
import { API_VERSION } from '../../model/names.js';
import { SECRET_TYPES } from '../../model/secret.js';
import type { SecretType } from '../../model/secret.js';

/** As in Kubernetes, so that a key can be the name of a file or of a variable. */
export const KEY_PATTERN = '^[-._a-zA-Z0-9]+$';
export const MAX_KEY_LENGTH = 253;

const KeyStatusSchema = Type.Object(
  {
    bytes: Type.Integer({ description: 'Size of the value' }),
    revision: Type.Integer({ description: 'Revision of the Secret that brought the value' }),
    changedAt: Type.String({
      format: 'date-time',
      maxLength: 64,
      description: 'When it was written, RFC 3339',
    }),
  },
  { additionalProperties: false, description: 'What is told of a value' },
);

const SecretStatusSchema = Type.Object(
  {
    revision: Type.Integer({ description: 'Raised by each write that changes a value' }),
    keys: Type.Record(Type.String(), KeyStatusSchema, { description: 'Each value by its key' }),
  },
  { additionalProperties: false, description: 'What is told of the values' },
);

/** Values that modules use and that nobody can read. */
export const SecretSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('Secret', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    type: Type.Enum([...SECRET_TYPES], {
      type: 'string',
      default: 'Opaque',
      description:
        'What the values are for: registry needs the keys registry, username and password, ssh the key privateKey and takes knownHosts, basic host, username and password; it stays as it is',
    }),
    modules: Type.Optional(
      Type.Array(
        Type.String({
          pattern: MODULE_PATTERN,
          maxLength: 63,
          description: 'Name of a module, with "*" for any text',
          'x-expected': 'a name of modules, with "*" for any text, such as miner-*',
        }),
        {
          maxItems: MAX_PATTERNS,
          description: 'The modules that may use it, all when absent',
        },
      ),
    ),
    data: Type.Record(Type.String(), Type.String(), {
      default: {},
      description:
        'Written: values in base64. Read: a keyed hash of each, which stands for the value when it is written back',
    }),
    stringData: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'Values as text, which become part of data; never read',
      }),
    ),
    status: Type.Optional(SecretStatusSchema),
  },
  { additionalProperties: false },
);

export type SecretStatus = Static<typeof SecretStatusSchema>;

/** A Secret as stored: without its values, each of which a fingerprint stands for. */
export interface Secret {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Secret';
  readonly metadata: StoredMeta;
  readonly type: SecretType;
  readonly modules?: readonly string[];
  readonly data: Readonly<Record<string, string>>;
  readonly status: SecretStatus;
}
