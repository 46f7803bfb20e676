import Type from 'typebox';
import type { Static } from 'typebox';
import { keyedBy, SET } from './list-types.js';
import { AnyObjectMetaSchema } from './meta.js';
import type { StoredMeta } from './meta.js';
import { MODULE_TYPES } from './module.js';
import { API_VERSION } from './names.js';
import { MODES } from './verification.js';

const SelectorSchema = Type.Object(
  {
    matchLabels: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 63 }), {
        description: 'Labels that the module must have',
      }),
    ),
    types: Type.Optional(
      Type.Array(Type.Enum([...MODULE_TYPES], { type: 'string' }), {
        description: 'Types of modules, any of them',
        ...SET,
      }),
    ),
    repositories: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
        maxItems: 100,
        description: 'Addresses of repositories, any of them; * stands for any text',
        ...SET,
      }),
    ),
  },
  {
    additionalProperties: false,
    default: {},
    description: 'Modules that it is for; all when empty',
  },
);

const CheckSettingSchema = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 100, description: 'Id of a check' }),
    mode: Type.Optional(
      Type.Enum([...MODES], {
        type: 'string',
        description: 'enforce blocks the new revision, warn tells, off does not look',
      }),
    ),
    parameters: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        description: 'What the check is told; each check says what it takes',
      }),
    ),
  },
  { additionalProperties: false, description: 'A check that is not as it is by itself' },
);

const Moment = (description: string) =>
  Type.String({
    maxLength: 64,
    format: 'date-time',
    description,
    'x-expected': 'a time such as 2027-01-31T00:00:00Z',
  });

const SignerSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 256, description: 'Whose key it is' }),
    sshKey: Type.Optional(
      Type.String({ maxLength: 16384, description: 'SSH public key, as in authorized_keys' }),
    ),
    gpgKey: Type.Optional(Type.String({ maxLength: 65536, description: 'Armored GPG public key' })),
    validAfter: Type.Optional(Moment('Signatures made before are refused')),
    validBefore: Type.Optional(Moment('Signatures made from then on are refused')),
  },
  { additionalProperties: false, description: 'Whose signature of a commit is taken' },
);

const PolicySpecSchema = Type.Object(
  {
    description: Type.String({ default: '', maxLength: 4096, description: 'What it is for' }),
    priority: Type.Integer({
      default: 0,
      minimum: -1000,
      maximum: 1000,
      description: 'The one with the highest decides about a module that several select',
    }),
    selector: SelectorSchema,
    checks: Type.Array(CheckSettingSchema, {
      default: [],
      maxItems: 500,
      description: 'Checks that are not as they are by themselves',
      ...keyedBy('id'),
    }),
    signers: Type.Array(SignerSchema, {
      default: [],
      maxItems: 100,
      description: 'Whose signature of a commit is taken',
      ...keyedBy('name'),
    }),
  },
  { additionalProperties: false, description: 'What must hold of the modules it selects' },
);

/** What verification allows. Exactly one decides about a module. */
export const PolicySchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('Policy', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: PolicySpecSchema,
  },
  { additionalProperties: false },
);

export type PolicySpec = Static<typeof PolicySpecSchema>;
export type CheckSetting = Static<typeof CheckSettingSchema>;
export type Signer = Static<typeof SignerSchema>;

/** A Policy as stored. */
export interface Policy {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Policy';
  readonly metadata: StoredMeta;
  readonly spec: PolicySpec;
}
