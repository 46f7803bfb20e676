import { join, relative } from 'node:path';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import { SOURCE_LIMITS } from '../../controller/preparation/source-job.js';
import { localRefs, remoteRefs } from '../../source/refs.js';
import type { Refs } from '../../source/refs.js';
import { topOfRepository, readWorkingFolder } from '../../source/working-folder.js';
import type { Sources, SourceRules } from '../../source/source.js';
import type { Workshop } from '../../source/workshop.js';
import { openFolderTree } from '../../verification/tree/folder-tree.js';
import { openTarTree } from '../../verification/tree/tar-tree.js';
import type { OpenTree } from '../../verification/tree/tree.js';

/** A repository that can be looked into. */
export interface OpenRepository {
  readonly tree: OpenTree;
  /** The folder in it that was named; '' for its top. */
  readonly folder: string;
  /** Where it is, or was cloned from, unchecked. */
  readonly origin: string | undefined;
  /** Whether it was fetched from there. */
  readonly isRemote: boolean;
  readonly refs: Refs;
}

/** Whoever names a repository says with it that it may be fetched. */
const RULES: SourceRules = { schemes: ['https', 'ssh', 'file'], privateAddresses: true };

const MAX_FILES = SOURCE_LIMITS.maxFiles;

/** Fetches the commit that a remote is at, or the one that a branch or tag of it stands for. */
export async function openRemoteRepository(
  repoUrl: string,
  branch: string | undefined,
  { workshop, sources }: { readonly workshop: Workshop; readonly sources: Sources },
  onProgress: (text: string) => void,
  signal: AbortSignal,
): Promise<OpenRepository> {
  const found = await remoteRefs(workshop, repoUrl, RULES, signal);
  const location = { repoUrl, branch: branch ?? found.branch ?? '', commit: '' };
  const head = branch === undefined ? found.head : undefined;
  const commit = head ?? (await resolved(sources, location, signal));
  const options = { rules: RULES, limits: SOURCE_LIMITS };
  const { archive } = await sources.fetch(location, commit, options, onProgress, signal);
  const refs = { ...found, head: commit, branch: branch ?? found.branch };
  return { tree: openTarTree(archive), folder: '', origin: repoUrl, isRemote: true, refs };
}

async function resolved(
  sources: Sources,
  location: { readonly repoUrl: string; readonly branch: string; readonly commit: string },
  signal: AbortSignal,
): Promise<string> {
  if (location.branch !== '') return (await sources.resolve(location, RULES, signal)).commit;
  const message = `Repository "${printable(location.repoUrl)}" has no commit yet; push one`;
  throw new RegistrarError('SOURCE_NOT_FOUND', message);
}

/** Opens a folder that exists; what is in a repository is looked at from the top of that. */
export async function openLocalRepository(
  folder: string,
  workshop: Workshop,
  signal: AbortSignal,
): Promise<OpenRepository> {
  const top = topOfRepository(folder);
  if (top === undefined) {
    const refs = { head: undefined, branch: undefined, tags: new Map<string, string>() };
    return {
      tree: openFolderTree(folder, { maxFiles: MAX_FILES }),
      folder: '',
      ...{ origin: undefined, isRemote: false },
      refs,
    };
  }
  await workshop.ready();
  const { paths } = await readWorkingFolder(workshop.git, top, signal);
  const { origin, ...refs } = await localRefs(workshop, join(top, '.git'), signal);
  const tree = openFolderTree(top, { maxFiles: MAX_FILES, paths });
  return { tree, folder: relative(top, folder), origin, isRemote: false, refs };
}
