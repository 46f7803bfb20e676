import { parseCommitId } from './commit-id.js';
import { parseRepoUrl } from './repo-url.js';
import type { FetchedSource, SourceLocation } from './source.js';
import { cacheKey } from './workshop.js';
import type { Workshop } from './workshop.js';

/** What is in the cache was admitted when it was fetched. */
const ANY_SCHEME = { schemes: ['https', 'ssh', 'file'] } as const;

/** `Sources.cached`. */
export async function cachedSource(
  { cache }: Workshop,
  { repoUrl, secret }: Pick<SourceLocation, 'repoUrl' | 'secret'>,
  commit: string,
): Promise<FetchedSource | undefined> {
  const url = parseRepoUrl(repoUrl, ANY_SCHEME);
  const id = parseCommitId(commit);
  return cache.find(cacheKey(url, id, secret), id);
}
