import Type from 'typebox';
import type { Static } from 'typebox';
import { AnyObjectMetaSchema } from '../../model/meta.js';
import type { StoredMeta } from '../../model/meta.js';
import { API_VERSION } from '../../model/names.js';
import { CheckResultSchema } from '../../model/verification.js';

const Text = (description: string) => Type.String({ description });
const Count = (description: string) => Type.Integer({ minimum: 0, description });

const PolicyReferenceSchema = Type.Object(
  {
    name: Type.Optional(
      Text('Name of the policy; without one, checks are as they are by themselves'),
    ),
    generation: Type.Optional(Type.Integer({ description: 'Generation of the policy' })),
  },
  { additionalProperties: false, description: 'What decided' },
);

/** A commit as it was fetched. */
export const FetchedCommitSchema = Type.Object(
  {
    repoUrl: Text('Where it was fetched from'),
    ref: Text('Branch or tag that stood for it, empty for a pinned commit'),
    commit: Text('Id of the commit'),
    committedAt: Text('When it was made, RFC 3339'),
    author: Text('Who made it, as it says'),
    signature: Text('What git says of its signature'),
    signer: Type.Optional(Text('Signer of the policy whose key fits')),
    key: Type.Optional(Text('Fingerprint of the key')),
    sourceHash: Text('Hash over all its files, sha256:…'),
    bytes: Count('Bytes of all its files as an archive'),
    files: Count('How many files'),
  },
  { additionalProperties: false, description: 'The source that was verified' },
);

const VerifiedImageSchema = Type.Object(
  {
    reference: Text('Image as the manifest names it, or as it was built'),
    id: Text('Id of the image in the engine'),
    digest: Text('Digest of the image in its registry; the id for a local image'),
    built: Type.Boolean({ description: 'Whether it was built from the source' }),
  },
  { additionalProperties: false, description: 'The image that was verified' },
);

const ReportSpecSchema = Type.Object(
  {
    module: Text('Name of the module'),
    version: Text('Version that the manifest said'),
    key: Text('Hash over all that was verified: manifest, commit, policy, checks'),
    policy: PolicyReferenceSchema,
    verifiedAt: Text('When the last check ran, RFC 3339'),
    source: Type.Optional(FetchedCommitSchema),
    image: Type.Optional(VerifiedImageSchema),
    results: Type.Array(CheckResultSchema, { description: 'What each check came to' }),
  },
  { additionalProperties: false, description: 'What was verified and what was found' },
);

/** What verification found of one revision. */
export const ReportSchema = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION, { description: 'Group and version of the kind' }),
    kind: Type.Literal('Report', { description: 'Kind of the object' }),
    metadata: AnyObjectMetaSchema,
    spec: ReportSpecSchema,
  },
  { additionalProperties: false },
);

export type ReportSpec = Static<typeof ReportSpecSchema>;
export type FetchedCommit = Static<typeof FetchedCommitSchema>;
export type VerifiedImage = Static<typeof VerifiedImageSchema>;

/** A Report as stored. */
export interface Report extends Omit<Static<typeof ReportSchema>, 'metadata'> {
  readonly metadata: StoredMeta;
}
