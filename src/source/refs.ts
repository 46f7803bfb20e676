import { branchProblem } from './branch-name.js';
import { toSourceError } from './errors.js';
import { GitFailure } from './git-failure.js';
import { askGit } from './git.js';
import { withKeyFiles } from './key-files.js';
import { openRemote } from './remote.js';
import type { Remote } from './remote.js';
import { parseRepoUrl } from './repo-url.js';
import { parseRefs } from './resolve.js';
import type { SourceCredentials, SourceRules } from './source.js';
import type { Workshop } from './workshop.js';

/** What a repository is at, and what its tags stand for. */
export interface Refs {
  /** Commit; undefined for a repository without one. */
  readonly head: string | undefined;
  /** Short name of the branch; undefined when it is at none, or at one that cannot be named. */
  readonly branch: string | undefined;
  /** Commits by the short names of tags. */
  readonly tags: ReadonlyMap<string, string>;
}

const REFS_MS = 60_000;

/** Asks a remote, once. Errors are those of `Sources.resolve`. */
export async function remoteRefs(
  workshop: Workshop,
  repoUrl: string,
  rules: SourceRules,
  signal: AbortSignal,
): Promise<Refs> {
  const url = parseRepoUrl(repoUrl, rules);
  await workshop.ready();
  const { href, config, env } = await openRemote(url, rules, workshop.remote, signal);
  const args = ['ls-remote', '--symref', '--end-of-options', href, 'HEAD', 'refs/tags/*'];
  try {
    const call = { args, config, env, timeoutMs: REFS_MS, signal };
    const text = (await askGit(workshop.git, call)).toString();
    const refs = parseRefs(text);
    const [, branch] = /^ref: refs\/heads\/([^\t\n]+)\tHEAD$/m.exec(text) ?? [];
    return { head: refs.get('HEAD'), branch: usable(branch), tags: tagsIn(refs) };
  } catch (error) {
    throw toSourceError(error, `look at "${href}"`);
  }
}

/** Asks a remote for its tags, once. Errors are those of `Sources.resolve`. */
export async function remoteTags(
  workshop: Workshop,
  { repoUrl, rules, signal, credentials }: TagsRequest,
): Promise<ReadonlyMap<string, string>> {
  const url = parseRepoUrl(repoUrl, rules);
  await workshop.ready();
  return withKeyFiles(workshop.keyrings, url, credentials, async (files) =>
    askTags(
      workshop,
      await openRemote(url, rules, { ...workshop.remote, ...files }, signal),
      signal,
    ),
  );
}

/** Whose tags, and how they may be asked for. */
export interface TagsRequest {
  readonly repoUrl: string;
  readonly rules: SourceRules;
  readonly signal: AbortSignal;
  readonly credentials: SourceCredentials | undefined;
}

async function askTags(
  { git }: Pick<Workshop, 'git'>,
  { href, config, env, conceal }: Remote,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const args = ['ls-remote', '--tags', '--end-of-options', href];
  try {
    const answer = await askGit(git, { args, config, env, conceal, timeoutMs: REFS_MS, signal });
    return tagsIn(parseRefs(answer.toString()));
  } catch (error) {
    throw toSourceError(error, `look up the tags of "${href}"`);
  }
}

/** A repository in a folder, and the address that it was cloned from. */
export interface LocalRefs extends Refs {
  /** As its configuration has it, unchecked; undefined for none. */
  readonly origin: string | undefined;
}

/** Asks the repository of a work tree with `.git` as its folder; of what git does not say there is nothing. */
export async function localRefs(
  { git }: Pick<Workshop, 'git'>,
  repository: string,
  signal: AbortSignal,
): Promise<LocalRefs> {
  const ask = async (...args: string[]): Promise<string | undefined> => {
    try {
      const answer = await askGit(git, { repository, args, timeoutMs: REFS_MS, signal });
      return answer.toString().trim();
    } catch (error) {
      if (error instanceof GitFailure && error.kind === 'exit') return undefined;
      throw toSourceError(error, `look at the repository "${repository}"`);
    }
  };
  const tags = await ask('for-each-ref', `--format=${TAG_FORMAT}`, 'refs/tags');
  return {
    head: await ask('rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}'),
    branch: usable(await ask('symbolic-ref', '--short', '--quiet', 'HEAD')),
    tags: tagsIn(parseRefs(tags ?? '')),
    origin: await ask('config', '--get', 'remote.origin.url'),
  };
}

/** As `ls-remote` prints them: a tag with an id of its own, and what it is of. */
const TAG_FORMAT = '%(objectname)%09%(refname)%0a%(*objectname)%09%(refname)^{}';

function usable(branch: string | undefined): string | undefined {
  return branch === undefined || branchProblem(branch) !== undefined ? undefined : branch;
}

function tagsIn(refs: ReadonlyMap<string, string>): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [ref, id] of refs) {
    const [, name, peeled] = /^refs\/tags\/(.+?)(\^\{\})?$/.exec(ref) ?? [];
    if (name === undefined || branchProblem(name) !== undefined) continue;
    if (peeled !== undefined || !tags.has(name)) tags.set(name, id);
  }
  return tags;
}
