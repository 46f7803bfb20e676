import { RegistrarError } from '../model/errors.js';
import { askGit } from './git.js';
import type { GitSetting } from './git.js';
import { GitFailure } from './git-failure.js';
import type { Remote } from './remote.js';
import { commitRef } from './repository.js';
import { watchSize } from './size-watch.js';
import type { SourceLimits } from './source.js';

/** What is to be fetched, and where to. */
export interface CommitRequest {
  readonly repository: string;
  readonly remote: Remote;
  readonly commit: string;
  /** Where the commit is looked for when the server gives none by its id; may be ''. */
  readonly branch: string;
  readonly limits: SourceLimits;
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/** How far back a branch is fetched, step by step, to find a commit on it. */
const DEPTHS = [1, 32, 512, 8192];

const NOT_BY_ID = /unadvertised object|not our ref|couldn't find remote ref/i;

/**
 * Fetches one commit without its history. Where the server gives only what its branches point to,
 * the branch is fetched, with as much history as it takes. Rejects with a GitFailure or a
 * RegistrarError.
 */
export async function fetchCommit(git: GitSetting, request: CommitRequest): Promise<void> {
  const { repository, commit, limits, signal } = request;
  await watchSize(repository, limits, signal, async (watched) => {
    const guarded = { ...request, signal: watched };
    try {
      await fetchRef(git, guarded, `+${commit}:${commitRef(commit)}`, 1);
    } catch (error) {
      if (!isNotById(error)) throw error;
      await fetchBranch(git, guarded);
    }
  });
}

const isNotById = (error: unknown): boolean =>
  error instanceof GitFailure && error.kind === 'exit' && NOT_BY_ID.test(error.stderr);

async function fetchBranch(git: GitSetting, request: CommitRequest): Promise<void> {
  const { repository, commit, branch, limits, signal } = request;
  if (branch === '') throw notGiven(request);
  const timeoutMs = limits.timeoutMs;
  for (const depth of DEPTHS) {
    await fetchEither(git, request, depth);
    const args = ['update-ref', commitRef(commit), commit];
    const found = await askGit(git, { args, repository, timeoutMs, signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof GitFailure && error.kind === 'exit') return false;
        throw error;
      },
    );
    if (found) return;
  }
  throw notGiven(request);
}

/** The name may be that of a branch or of a tag. */
async function fetchEither(git: GitSetting, request: CommitRequest, depth: number): Promise<void> {
  const { branch } = request;
  try {
    await fetchRef(git, request, `+refs/heads/${branch}:refs/remote/head`, depth);
  } catch (error) {
    if (!isNotById(error)) throw error;
    await fetchRef(git, request, `+refs/tags/${branch}:refs/remote/head`, depth);
  }
}

async function fetchRef(
  git: GitSetting,
  { repository, remote, limits, onLine, signal }: CommitRequest,
  refspec: string,
  depth: number,
): Promise<void> {
  const { href, config, env, conceal } = remote;
  const options = ['--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--progress'];
  const args = ['fetch', `--depth=${depth}`, ...options, '--end-of-options', href, refspec];
  const timeoutMs = limits.timeoutMs;
  await askGit(git, { args, repository, config, env, conceal, timeoutMs, signal, onLine });
}

function notGiven({ commit, branch, remote }: CommitRequest): RegistrarError {
  const where = branch === '' ? '' : ` and is not among the last commits of "${branch}"`;
  const message = `Cannot fetch commit ${commit} of "${remote.href}": the server does not give it by its id${where}; set "spec.source.branch" to a branch or tag that points to it, or have the server allow it with "uploadpack.allowReachableSHA1InWant"`;
  return new RegistrarError('SOURCE_NOT_FOUND', message);
}
