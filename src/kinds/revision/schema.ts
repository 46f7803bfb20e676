import Type from 'typebox';
import type { Static } from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';
import { HealthCheckSchema, ModuleSpecSchema, ProgressCheckSchema } from '../../model/module.js';
import { API_VERSION } from '../../model/names.js';

const Text = (description: string) => Type.String({ description });
const { command, args, env, ports, volumes, resources, securityContext } =
  ModuleSpecSchema.properties;

const TemplateSchema = Type.Object(
  {
    ...{ command, args, env, ports, volumes, resources, securityContext },
    healthCheck: Type.Optional(HealthCheckSchema),
    restartedAt: Type.Optional(Text('When a restart was last asked for, RFC 3339')),
  },
  {
    additionalProperties: false,
    description: 'The part of the spec that containers are made from',
  },
);

const RevisionSpecSchema = Type.Object(
  {
    module: Text('Name of the module'),
    revision: Text('Hash over all that a container is made from'),
    number: Type.Integer({ minimum: 1, description: 'Counts the revisions of the module' }),
    generation: Type.Integer({ description: 'Generation of the module that asked for it first' }),
    version: Text('Version that the manifest said'),
    commit: Text('Commit of the source, empty for a given image'),
    specHash: Text('Hash over the template'),
    secrets: Type.Optional(Text('Hash over what stands for its secret values')),
    image: Text('Image as the manifest names it'),
    imageId: Text('Id of the image in the engine'),
    imageDigest: Text('Digest of the image in its registry; the id for a local image'),
    report: Type.Optional(Text('Report of the verification after which it might run')),
    template: TemplateSchema,
    progressCheck: Type.Optional(ProgressCheckSchema),
  },
  { additionalProperties: false, description: 'What was to run; never changes' },
);

/** An immutable record of one spec, commit and image. */
export const RevisionSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('Revision', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: RevisionSpecSchema,
  },
  { additionalProperties: false },
);

export type RevisionSpec = Static<typeof RevisionSpecSchema>;

/** A Revision as stored. */
export interface Revision extends Omit<Static<typeof RevisionSchema>, 'metadata'> {
  readonly metadata: StoredMeta;
}
