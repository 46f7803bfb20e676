import type { VerifyTree } from '../../controller/context.js';
import type { SourceBasis } from '../../controller/preparation/source-job.js';
import { isRegistrarError } from '../../model/errors.js';
import type { RegistrarError } from '../../model/errors.js';
import { scanFolder } from '../../source/scanners/scan.js';
import type { ScanOptions } from '../../source/scanners/scan.js';
import { verifyCommit } from '../../source/signature/verify-commit.js';
import { readWorkingFolder, topOfRepository } from '../../source/working-folder.js';
import type { WorkingFolder } from '../../source/working-folder.js';
import type { Workshop } from '../../source/workshop.js';
import { verify } from '../../verification/verify.js';
import { unseen } from './look.js';
import type { Look } from './look.js';
import type { CommitSignature } from '../../model/commit-signature.js';

/** A folder that somebody works in, as it was found. */
export interface Folder {
  /** Top of the repository that it is in, or the folder itself. */
  readonly root: string;
  /** Undefined when it is in no repository. */
  readonly known: WorkingFolder | undefined;
  /** Why git could not look, if it could not. */
  readonly problem: RegistrarError | undefined;
}

/** Looks at a folder; what is part of a repository stands for all of it, as that is fetched. */
export async function openFolder(
  folder: string,
  workshop: Workshop,
  signal: AbortSignal,
): Promise<Folder> {
  const root = topOfRepository(folder);
  if (root === undefined) return { root: folder, known: undefined, problem: undefined };
  try {
    await workshop.ready();
    const known = await readWorkingFolder(workshop.git, root, signal);
    return { root, known, problem: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!isRegistrarError(error)) throw error;
    return { root, known: undefined, problem: error };
  }
}

interface Parts {
  readonly workshop: Workshop;
  readonly verifyTree: VerifyTree;
  /** For a scanner that is installed. */
  readonly scanning: ScanOptions;
  readonly signal: AbortSignal;
}

/** Looks at the files of a folder as they are, and at the signature of the commit they are of. */
export const lookAtFolder =
  ({ root, known, problem }: Folder, { workshop, verifyTree, scanning, signal }: Parts): Look =>
  async (manifest, basis) => {
    if (problem !== undefined)
      return { results: unseen(basis.settings, problem.message), notes: [] };
    const { signers, settings } = basis;
    const signature = await signatureOf(known, basis, workshop, signal);
    const commit = known?.head?.isClean === true ? known.head.commit : '';
    const ofCommit = await verify({ commit: { manifest, commit, signers, signature } }, settings);
    const files = { folder: root, ...(known && { paths: known.paths }) };
    const policy = {
      name: basis.policy?.metadata.name ?? '',
      checks: basis.policy?.spec.checks ?? [],
    };
    const scan = await scanFolder(files, scanning);
    const ofFiles = await verifyTree({ files, manifest, policy, ...(scan && { scan }) }, signal);
    return { results: [...ofCommit, ...ofFiles], notes: [noteOf(root, known)] };
  };

async function signatureOf(
  known: WorkingFolder | undefined,
  { signers }: SourceBasis,
  { git, keyrings }: Workshop,
  signal: AbortSignal,
): Promise<CommitSignature> {
  const { head } = known ?? {};
  if (signers.length === 0) return unverifiable('The policy names no signers');
  if (head === undefined) return unverifiable('The folder has no commit; commit the files first');
  if (!head.isClean)
    return unverifiable('The files are not those of the commit; commit the changes first');
  const { commit, object } = head;
  return verifyCommit({ git, commit, object, keys: signers, signal }, keyrings);
}

const unverifiable = (message: string): CommitSignature => ({ state: 'unverifiable', message });

function noteOf(root: string, known: WorkingFolder | undefined): string {
  if (known === undefined) return `Looked at all files in "${root}", which is no git repository`;
  const { paths, head } = known;
  const files = `Looked at ${paths.length} files in "${root}" that git does not ignore`;
  if (head === undefined) return `${files}; nothing is committed yet`;
  return `${files}, ${head.isClean ? 'as in' : 'with changes since'} commit ${head.commit}`;
}
