import { parseCommit } from './commit-object.js';
import { writeArchive, maxArchiveBytes } from './archive.js';
import { askGit } from './git.js';
import type { GitSetting } from './git.js';
import type { FetchedSource, SourceLimits } from './source.js';
import { countTree } from './tree-listing.js';

/** A commit in a repository, and what may become of it. */
export interface CommitInRepository {
  readonly repository: string;
  readonly commit: string;
  readonly limits: SourceLimits;
  readonly signal: AbortSignal;
}

/**
 * Writes the archive of a commit that was fetched to a path, when it is within the limits. Gives
 * back what is known of it, and the commit object. The tree is counted while its archive is written:
 * the first of the two that exceeds a limit ends the other.
 */
export async function archiveCommit(
  git: GitSetting,
  { repository, commit, limits, signal }: CommitInRepository,
  path: string,
): Promise<{ source: Omit<FetchedSource, 'archive'>; object: Buffer }> {
  const { maxBytes, maxFiles, maxPathLength, timeoutMs } = limits;
  const most = maxArchiveBytes(maxBytes, maxFiles, maxPathLength);
  const ended = new AbortController();
  const call = { repository, timeoutMs, signal: AbortSignal.any([signal, ended.signal]) };
  const parts = [
    askGit(git, { ...call, args: ['cat-file', 'commit', commit] }),
    countTree(git, { ...call, commit, limits }),
    writeArchive(git, call, commit, path, most),
  ] as const;
  for (const part of parts) part.catch((error: unknown) => ended.abort(error));
  await Promise.allSettled(parts);
  if (ended.signal.aborted) throw ended.signal.reason as Error;
  const [object, tree, sourceHash] = await Promise.all(parts);
  return { source: { commit, ...parseCommit(object), ...tree, sourceHash }, object };
}
