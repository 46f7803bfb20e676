import Type from 'typebox';
import type { Static } from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';
import { API_VERSION } from '../../model/names.js';
import { RolloutSchema } from '../../model/rollout.js';

const Text = (description: string) => Type.String({ description });

const EvidenceSchema = Type.Object(
  {
    container: Text('Name of the container that failed'),
    state: Text('What the engine said of it'),
    health: Text('Result of its health check'),
    exitCode: Type.Integer({ description: 'Exit code of its last run' }),
    log: Type.Array(Type.String(), { description: 'Last lines that it printed, secrets masked' }),
  },
  { additionalProperties: false, description: 'What was seen when it failed' },
);

const RolloutSpecSchema = Type.Object(
  {
    module: Text('Name of the module'),
    generation: Type.Integer({ description: 'Generation of the module that asked for it' }),
    version: Text('Version that the manifest said'),
    actor: Text('Who changed the module last before it: the field manager'),
    cause: Text('What made it another revision'),
    ...RolloutSchema.properties,
    evidence: Type.Optional(EvidenceSchema),
  },
  { additionalProperties: false, description: 'What was changed, and what came of it' },
);

/** The receipt of one rollout. */
export const RolloutKindSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('Rollout', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: RolloutSpecSchema,
  },
  { additionalProperties: false },
);

export type Evidence = Static<typeof EvidenceSchema>;

/** A Rollout as stored. */
export interface Rollout extends Omit<Static<typeof RolloutKindSchema>, 'metadata'> {
  readonly metadata: StoredMeta;
}
