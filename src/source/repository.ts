import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FOLDER } from '../lib/durable-file.js';
import { askGit } from './git.js';
import type { GitSetting } from './git.js';

/** For what git does without a remote and in no time. */
const LOCAL_MS = 60_000;

/**
 * Wins over the attributes of every tree, so that an archive holds exactly the tree: no file is left
 * out, filled in or converted.
 */
const ATTRIBUTES =
  '* -export-ignore -export-subst -text -eol -crlf -ident -filter -working-tree-encoding\n';

/**
 * Each fetch adds a pack, and git gets slower with each. Then one fetch of everything is cheaper than
 * to tidy up.
 */
const MAX_PACKS = 50;

/** What git leaves behind where it is killed. */
const LEFTOVER = /\.lock$|^tmp_|\.tmp$|^\.tmp-/;
/** Where it does. */
const WRITTEN_FOLDERS = ['.', 'refs', 'refs/commits', 'objects', 'objects/pack', 'objects/info'];

/**
 * The bare repository in a folder: what is there, without what a killed git left behind, else an
 * empty one. Only one may be at work in it at a time. The ids it can hold are as long as `commit`.
 */
export async function openRepository(
  git: GitSetting,
  folder: string,
  commit: string,
  signal: AbortSignal,
): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const isCrowded = (await packsIn(folder)) > MAX_PACKS;
  if (names.length > 0 && !isCrowded) return removeLeftovers(folder);
  if (isCrowded) await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const draft = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  const format = commit.length === 64 ? 'sha256' : 'sha1';
  const args = ['init', '--quiet', '--bare', '--template=', `--object-format=${format}`, draft];
  try {
    await askGit(git, { args, repository: draft, timeoutMs: LOCAL_MS, signal });
    await mkdir(join(draft, 'info'), { recursive: true });
    await writeFile(join(draft, 'info', 'attributes'), ATTRIBUTES);
    await rename(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Marks a commit as complete, and keeps it. */
export const commitRef = (commit: string): string => `refs/commits/${commit}`;

/**
 * True when a commit and all its files are there. Without git: nothing here packs refs, and where
 * somebody did, the commit is fetched once more.
 */
export async function hasCommit(repository: string, commit: string): Promise<boolean> {
  const found = await readFile(join(repository, commitRef(commit)), 'latin1').catch(() => '');
  return found.trim() === commit;
}

async function packsIn(folder: string): Promise<number> {
  const names = await readdir(join(folder, 'objects', 'pack')).catch(() => []);
  return names.filter((name) => name.endsWith('.pack')).length;
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const part of WRITTEN_FOLDERS) {
    const names = await readdir(join(folder, part)).catch(() => []);
    const leftovers = names.filter((name) => LEFTOVER.test(name));
    await Promise.all(leftovers.map((name) => rm(join(folder, part, name), { force: true })));
  }
}
