import { RegistrarError } from '../../model/errors.js';
import { parseCommitId } from '../commit-id.js';
import { toSourceError } from '../errors.js';
import { parseRepoUrl } from '../repo-url.js';
import type { SourceLocation } from '../source.js';
import { cacheKey } from '../workshop.js';
import type { Workshop } from '../workshop.js';
import { verifyCommit } from './verify-commit.js';
import type { CommitSignature } from '../../model/commit-signature.js';
import type { Signer } from '../../model/policy.js';

/** What is in the cache was admitted when it was fetched. */
const ANY_SCHEME = { schemes: ['https', 'ssh', 'file'] } as const;

/** The arguments of `Sources.signature`. */
export interface SignatureRequest {
  readonly location: SourceLocation;
  readonly commit: string;
  readonly keys: readonly Signer[];
  readonly signal: AbortSignal;
}

/** `Sources.signature`: the commit is in the cache, so no remote is asked. */
export async function checkSignature(
  workshop: Workshop,
  { location, commit, keys, signal }: SignatureRequest,
): Promise<CommitSignature> {
  const url = parseRepoUrl(location.repoUrl, ANY_SCHEME);
  const id = parseCommitId(commit);
  const doing = `check the signature of commit ${id} of "${url.href}"`;
  const object = await workshop.cache.findCommit(cacheKey(url, id, location.secret), id);
  if (object === undefined) {
    const message = `Cannot ${doing}: it is not in the cache; fetch it first`;
    throw new RegistrarError('SOURCE_NOT_FOUND', message);
  }
  try {
    await workshop.ready();
    const check = { git: workshop.git, commit: id, object, keys, signal };
    return await verifyCommit(check, workshop.keyrings);
  } catch (error) {
    throw toSourceError(error, doing);
  }
}
