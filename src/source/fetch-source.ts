import { access, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { parseBranch } from './branch-name.js';
import { parseCommitId } from './commit-id.js';
import { archiveCommit } from './archive-commit.js';
import { isUnexplained, toSourceError } from './errors.js';
import { fetchCommit } from './fetch-commit.js';
import { GitFailure } from './git-failure.js';
import { withKeyFiles } from './key-files.js';
import { progressLines } from './progress.js';
import { openRemote } from './remote.js';
import { parseRepoUrl } from './repo-url.js';
import type { RepoUrl } from './repo-url.js';
import { hasCommit, openRepository } from './repository.js';
import type { FetchOptions, FetchedSource, SourceLocation } from './source.js';
import { cacheKey } from './workshop.js';
import type { Workshop } from './workshop.js';

/** The arguments of `Sources.fetch`. */
export interface FetchRequest extends FetchOptions {
  readonly location: SourceLocation;
  readonly commit: string;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A request that was checked. */
interface Job extends FetchRequest {
  readonly url: RepoUrl;
  readonly key: string;
}

/** `Sources.fetch`: from the cache, else from the repository in it, else from the remote. */
export async function fetchSource(
  workshop: Workshop,
  request: FetchRequest,
): Promise<FetchedSource> {
  const url = parseRepoUrl(request.location.repoUrl, request.rules);
  const commit = parseCommitId(request.commit);
  // With a pin it says where to look when the server gives no commit by its id.
  if (request.location.branch !== '') parseBranch(request.location.branch);
  const key = cacheKey(url, commit, request.location.secret);
  const timeout = AbortSignal.timeout(request.limits.timeoutMs);
  const signal = AbortSignal.any([request.signal, timeout]);
  const job = { ...request, url, commit, key, signal };
  try {
    await workshop.ready();
    // Whoever only reads does not wait for a fetch of another commit.
    const found = await workshop.cache.find(key, commit);
    return found ?? (await workshop.turns.take(key, () => fetchInTurn(workshop, job), signal));
  } catch (error) {
    const doing = `fetch commit ${commit} of "${url.href}"`;
    if (request.signal.aborted) throw toSourceError(new GitFailure('cancelled'), doing);
    throw toSourceError(timeout.aborted ? new GitFailure('timeout') : error, doing);
  }
}

async function fetchInTurn(workshop: Workshop, job: Job): Promise<FetchedSource> {
  const { key, commit } = job;
  const found = await workshop.cache.find(key, commit);
  if (found !== undefined) return found;
  const repository = join(workshop.repositories, key);
  const existed = await exists(repository);
  try {
    return await makeArchive(workshop, job, repository);
  } catch (error) {
    if (!existed || !isUnexplained(error)) throw error;
    workshop.log.warn({ repository: job.url.href }, 'cached repository is damaged, begins anew');
    await rm(repository, { recursive: true, force: true });
    return makeArchive(workshop, job, repository);
  }
}

async function makeArchive(
  workshop: Workshop,
  job: Job,
  repository: string,
): Promise<FetchedSource> {
  const { git, cache } = workshop;
  const { key, commit, signal, limits } = job;
  await openRepository(git, repository, commit, signal);
  if (!(await hasCommit(repository, commit))) {
    await fetchFromRemote(workshop, job, repository);
  }
  const now = new Date();
  await utimes(repository, now, now);
  const wanted = { repository, commit, limits, signal };
  return cache.keep(key, commit, (path) => archiveCommit(git, wanted, path));
}

async function fetchFromRemote(workshop: Workshop, job: Job, repository: string): Promise<void> {
  const { url, rules, commit, location, limits, credentials, signal, onProgress } = job;
  const { branch } = location;
  const onLine = progressLines(onProgress);
  await withKeyFiles(workshop.keyrings, url, credentials, async (files) => {
    const remote = await openRemote(url, rules, { ...workshop.remote, ...files }, signal);
    const request = { repository, remote, commit, branch, limits, onLine, signal };
    await fetchCommit(workshop.git, request);
  });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
