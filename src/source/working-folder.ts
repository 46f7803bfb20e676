import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { nameOf } from '../verification/tree/tree-path.js';
import { isSame, treeOf } from './commit-files.js';
import type { Ask } from './commit-files.js';
import { isCommitId } from './commit-id.js';
import { isCommitOf } from './commit-object.js';
import { toSourceError } from './errors.js';
import { GitFailure } from './git-failure.js';
import { unavailable } from './git-words.js';
import { askGit } from './git.js';
import type { GitSetting } from './git.js';
import { nulTerminated } from './nul-terminated.js';

/** What git knows of a folder that somebody works in. */
export interface WorkingFolder {
  /** Tracked files, and those that are neither tracked nor ignored; from the top of the work tree. */
  readonly paths: readonly string[];
  /** The commit that it is at; undefined while there is none. */
  readonly head: WorkingCommit | undefined;
}

/** A commit that is checked out. */
export interface WorkingCommit {
  readonly commit: string;
  /** As git stores it. */
  readonly object: Buffer;
  /** Whether the files are exactly those of the commit. */
  readonly isClean: boolean;
}

const GIT_MS = 60_000;

const DAMAGED = unavailable('see what "git status" says in it');

/** The folder with the `.git` that a folder belongs to; undefined when it is in no repository. */
export function topOfRepository(folder: string): string | undefined {
  if (lstatSync(join(folder, '.git'), { throwIfNoEntry: false }) !== undefined) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : topOfRepository(parent);
}

/**
 * Looks at the work tree below `top`, which has a `.git`. Nothing that the repository is configured
 * to run is run: neither hooks nor filters. SOURCE_UNAVAILABLE when git cannot look,
 * SOURCE_UNREADABLE for names that are not UTF-8.
 */
export async function readWorkingFolder(
  git: GitSetting,
  top: string,
  signal: AbortSignal,
): Promise<WorkingFolder> {
  const repository = join(top, '.git');
  const ask: Ask = (args) =>
    askGit(git, { repository, args: ['--work-tree', top, ...args], timeoutMs: GIT_MS, signal });
  try {
    const paths = [...new Set(nulTerminated(await ask(LIST)).map(pathOf))];
    return { paths, head: await headOf(ask, top, paths) };
  } catch (error) {
    throw toSourceError(error, `look at the repository "${top}"`, DAMAGED);
  }
}

const LIST = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];

/** A repository in the work tree is listed with a slash behind it. */
const pathOf = (bytes: Buffer): string => nameOf(bytes).replace(/\/$/, '');

async function headOf(
  ask: Ask,
  top: string,
  paths: readonly string[],
): Promise<WorkingCommit | undefined> {
  const commit = await commitOf(ask);
  if (commit === undefined) return undefined;
  const object = await ask(['cat-file', 'commit', commit]);
  if (!isCommitOf(object, commit)) throw new Error('its commit is damaged');
  return { commit, object, isClean: await isSame(await treeOf(ask, commit), top, paths) };
}

/** Undefined before the first commit. */
async function commitOf(ask: Ask): Promise<string | undefined> {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}'];
    const id = (await ask(args)).toString().trim();
    return isCommitId(id) ? id : undefined;
  } catch (error) {
    if (error instanceof GitFailure && error.kind === 'exit') return undefined;
    throw error;
  }
}
