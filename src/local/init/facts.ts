import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import { parseRepoUrl } from '../../source/repo-url.js';
import { parentOf } from '../../verification/tree/tree-path.js';
import { buildFacts, dockerfilePaths } from './build-facts.js';
import { fieldProblem } from './field-problem.js';
import type { Facts, Found } from './found.js';
import { lastPart, moduleName } from './name.js';
import type { OpenRepository } from './open-repository.js';
import { packageFacts } from './package-facts.js';
import { readmeLine } from './readme.js';
import { taggedVersion } from './version.js';

/** What was asked for: the repository as it was named, and the Dockerfile if one was. */
export interface Wanted {
  readonly place: string;
  /** URL, or where the folder really is. */
  readonly called: string;
  readonly dockerfile: string | undefined;
}

/** All that can be found out. BAD_REQUEST when there is no Dockerfile to build from. */
export async function factsOf(repository: OpenRepository, wanted: Wanted): Promise<Facts> {
  const { tree, folder, refs } = repository;
  const paths = dockerfilesOf(repository, wanted);
  const builds = paths.map((path) => buildFacts(tree, path));
  const beside = parentOf(paths[0] ?? '');
  const isClear = paths.length === 1 || beside === folder;
  const ofPackage = await packageFacts(tree, beside);
  const repoUrl = addressOf(repository);
  const called = [ofPackage.name, repoUrl && { ...repoUrl, value: lastPart(repoUrl.value) }];
  const version = taggedVersion(refs);
  return {
    ...{ place: repoUrl?.value ?? wanted.place, commit: refs.head, builds, isClear, repoUrl },
    name: firstOf([...called, { value: lastPart(wanted.called), from: 'the folder' }], moduleName),
    version: version ?? ofPackage.version,
    description: ofPackage.description ?? readmeLine(tree, beside) ?? readmeLine(tree, ''),
    author: ofPackage.author,
    license: ofPackage.license,
    branch: branchOf(refs.branch, version),
  };
}

const firstOf = (
  all: readonly (Found | undefined)[],
  accept: (found: Found) => Found | undefined,
): Found | undefined =>
  all.map((found) => found && accept(found)).find((found) => found !== undefined);

function dockerfilesOf({ tree, folder }: OpenRepository, { place, dockerfile }: Wanted): string[] {
  if (dockerfile !== undefined) {
    if (tree.at(dockerfile)?.type === 'file') return [dockerfile];
    const message = `There is no file "${printable(dockerfile)}" in "${printable(place)}"; write its path from the top of the repository`;
    throw new RegistrarError('BAD_REQUEST', message);
  }
  const paths = dockerfilePaths(tree, folder);
  if (paths.length > 0) return paths;
  const message = `There is no Dockerfile in "${printable(place)}", so there is nothing to build; add one, or name another file with --dockerfile`;
  throw new RegistrarError('BAD_REQUEST', message);
}

/** The address of a repository, without a password that stands in it; undefined when it is none. */
function addressOf({ origin, isRemote }: OpenRepository): Found | undefined {
  if (origin === undefined) return undefined;
  const value = origin.replace(/^(https?:\/\/)[^/@]*@/, '$1');
  if (fieldProblem('repoUrl', value) !== undefined) return undefined;
  const { href } = parseRepoUrl(value, { schemes: ['https', 'ssh', 'file'] });
  return { value: href, from: isRemote ? 'the URL given' : 'the origin of the repository' };
}

/** The tag when the version is from the tag of just this commit, else the branch. */
function branchOf(
  branch: string | undefined,
  version: ReturnType<typeof taggedVersion>,
): Found | undefined {
  if (version?.isHere === true) return { value: version.tag, from: 'the tag of this commit' };
  return branch === undefined ? undefined : { value: branch, from: 'the branch of this commit' };
}
