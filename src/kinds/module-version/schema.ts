import Type from 'typebox';
import type { Static } from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';
import { API_VERSION } from '../../model/names.js';

const Text = (description: string) => Type.String({ description });
const Texts = (description: string) => Type.Array(Type.String(), { description });
const Count = (description: string) => Type.Integer({ minimum: 0, description });

const EnvExampleSchema = Type.Object(
  {
    name: Text('Name of the variable'),
    comment: Type.Optional(Text('What the file says about it')),
  },
  { additionalProperties: false, description: 'A variable of .env.example, without its value' },
);

const InstallSchema = Type.Object(
  {
    needsValues: Texts('Environment variables that need a value'),
    needsFolders: Texts('Volumes that were folders of the host, which is another one elsewhere'),
    manifest: Type.Record(Type.String(), Type.Unknown(), {
      description: 'A Module that runs just this version, without values of its host',
    }),
  },
  { additionalProperties: false, description: 'What somebody needs to run it' },
);

const ModuleVersionSpecSchema = Type.Object(
  {
    module: Text('Name of the module'),
    version: Text('Semantic version, as its manifest said'),
    type: Text('What the module does in its subnet'),
    author: Text('Who is responsible for it'),
    license: Text('SPDX licence expression'),
    description: Text('What it is, for people'),
    repoUrl: Text('Where its source was fetched from'),
    commit: Text('Id of the commit'),
    report: Text('Report of its verification, which goes with the module'),
    sourceHash: Text('Hash over all files of the commit, sha256:…'),
    packageHash: Text('Hash over the package, sha256:…'),
    packageBytes: Count('Bytes of the package'),
    publishedAt: Text('When it was verified and recorded, RFC 3339'),
    envTemplate: Type.Array(EnvExampleSchema, {
      description: 'Variables of .env.example, when the source has one',
    }),
    install: InstallSchema,
  },
  { additionalProperties: false, description: 'What was published; never changes' },
);

const VersionNoticeSchema = Type.Object(
  { reason: Text('Why'), at: Text('When, RFC 3339'), by: Text('Who said so') },
  { additionalProperties: false, description: 'What somebody says of a version' },
);

const ModuleVersionStatusSchema = Type.Object(
  {
    downloads: Count('How often its package was downloaded'),
    yanked: Type.Optional(VersionNoticeSchema),
    deprecated: Type.Optional(VersionNoticeSchema),
  },
  { additionalProperties: false, description: 'What became of it since' },
);

/** A version of a module that was published, for as long as it is listed. */
export const ModuleVersionSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('ModuleVersion', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: ModuleVersionSpecSchema,
    status: Type.Optional(ModuleVersionStatusSchema),
  },
  { additionalProperties: false },
);

export type EnvExample = Static<typeof EnvExampleSchema>;
export type Install = Static<typeof InstallSchema>;
export type ModuleVersionSpec = Static<typeof ModuleVersionSpecSchema>;
export type ModuleVersionStatus = Static<typeof ModuleVersionStatusSchema>;
export type VersionNotice = Static<typeof VersionNoticeSchema>;

/** A ModuleVersion as stored. */
export interface ModuleVersion extends Omit<
  Static<typeof ModuleVersionSchema>,
  'metadata' | 'status'
> {
  readonly metadata: StoredMeta;
  readonly status: ModuleVersionStatus;
}
