import { RegistrarError } from '../model/errors.js';
import { isCommitId } from './commit-id.js';
import { askGit } from './git.js';
import type { GitSetting } from './git.js';
import type { Remote } from './remote.js';
import type { ResolvedSource } from './source.js';
import { toSourceError } from './errors.js';

/** For one question to a remote. */
const RESOLVE_MS = 60_000;

/**
 * Asks a remote which commit a branch or tag stands for; a branch goes before a tag of its name.
 * SOURCE_NOT_FOUND when there is neither.
 */
export async function resolveBranch(
  git: GitSetting,
  remote: Remote,
  branch: string,
  signal: AbortSignal,
): Promise<ResolvedSource> {
  const names = [`refs/heads/${branch}`, `refs/tags/${branch}`, `refs/tags/${branch}^{}`];
  const args = ['ls-remote', '--heads', '--tags', '--end-of-options', remote.href, ...names];
  const doing = `look up branch "${branch}" of "${remote.href}"`;
  const { config, env, conceal } = remote;
  const call = { args, config, env, conceal, timeoutMs: RESOLVE_MS, signal };
  const answer = await askGit(git, call).catch((error: unknown) => {
    throw toSourceError(error, doing);
  });
  const found = pickRef(parseRefs(answer.toString()), branch);
  if (found !== undefined) return found;
  const message = `Cannot ${doing}: there is no such branch or tag; correct "spec.source.branch" or push it`;
  throw new RegistrarError('SOURCE_NOT_FOUND', message);
}

/** Names and the ids they stand for, from what ls-remote prints; malformed lines are left out. */
export function parseRefs(text: string): ReadonlyMap<string, string> {
  const refs = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id = '', name] = line.split('\t');
    if (name !== undefined && isCommitId(id)) refs.set(name, id);
  }
  return refs;
}

/** `^{}` is what an annotated tag is of: the tag has an id of its own. */
function pickRef(refs: ReadonlyMap<string, string>, branch: string): ResolvedSource | undefined {
  const head = `refs/heads/${branch}`;
  const tag = `refs/tags/${branch}`;
  const onBranch = refs.get(head);
  if (onBranch !== undefined) return { commit: onBranch, ref: head };
  const tagged = refs.get(`${tag}^{}`) ?? refs.get(tag);
  return tagged === undefined ? undefined : { commit: tagged, ref: tag };
}
