import Type from 'typebox';
import type { Static } from 'typebox';
import { MAX_PATTERNS, MODULE_PATTERN, ROLES } from '../../model/identity.js';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';
import { API_VERSION } from '../../model/names.js';

const Time = (description: string) =>
  Type.String({
    format: 'date-time',
    maxLength: 64,
    description,
    'x-expected': 'a time such as 2030-01-31T12:00:00Z',
  });

const PatternSchema = Type.String({
  pattern: MODULE_PATTERN,
  maxLength: 63,
  description: 'Name of a module, with "*" for any text',
  'x-expected': 'a name of modules, with "*" for any text, such as miner-*',
});

const TokenSpecSchema = Type.Object(
  {
    role: Type.Enum([...ROLES], {
      type: 'string',
      description: 'viewer reads, operator also changes modules, admin may do everything',
    }),
    modules: Type.Optional(
      Type.Array(PatternSchema, {
        minItems: 1,
        maxItems: MAX_PATTERNS,
        description: 'The modules that an operator may change, all when absent',
      }),
    ),
    expiresAt: Type.Optional(Time('When the token ends, RFC 3339; never when absent')),
    exec: Type.Boolean({
      default: false,
      description: 'Whether it may also run commands in containers',
    }),
  },
  { additionalProperties: false, description: 'What its holder may do' },
);

const SecretHashSchema = Type.Object(
  {
    sha256: Type.String({ description: 'SHA-256 of the secret in hex' }),
    validUntil: Type.Optional(Time('When this secret ends, because another replaces it')),
  },
  { additionalProperties: false, description: 'What is kept of a secret' },
);

const TokenStatusSchema = Type.Object(
  {
    hashes: Type.Array(SecretHashSchema, { description: 'The secrets that are valid' }),
    lastUsedAt: Type.Optional(Time('When it was last used, to the minute')),
    token: Type.Optional(
      Type.String({ description: 'The secret: only in the answer that makes it, never stored' }),
    ),
  },
  { additionalProperties: false, description: 'Its secrets and its use' },
);

/** What lets a program or a person use the API. */
export const TokenSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('Token', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: TokenSpecSchema,
    status: Type.Optional(TokenStatusSchema),
  },
  { additionalProperties: false },
);

export type TokenSpec = Static<typeof TokenSpecSchema>;
export type TokenStatus = Static<typeof TokenStatusSchema>;
export type SecretHash = Static<typeof SecretHashSchema>;

/** A Token as stored. */
export interface Token {
  readonly apiVersion: typeof API_VERSION;
  readonly kind: 'Token';
  readonly metadata: StoredMeta;
  readonly spec: TokenSpec;
  readonly status: TokenStatus;
}
