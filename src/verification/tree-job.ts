import type { ModuleManifest } from '../model/module.js';
import type { PolicySpec } from '../model/policy.js';
import type { CheckResult } from '../model/verification.js';
import { dockerfileIn } from './dockerfile/dockerfile-in.js';
import { settingsOf } from './settings.js';
import type { Setting } from './run-check.js';
import type { ScanReport } from './subjects.js';
import { openFolderTree } from './tree/folder-tree.js';
import { openTarTree } from './tree/tar-tree.js';
import type { OpenTree } from './tree/tree.js';
import { verify } from './verify.js';

/** Most files of a folder that somebody works in: more are rarely all meant. */
const MAX_FOLDER_FILES = 50_000;

/** Where the files are: in a tar by `git archive`, or in a folder; `paths` are all that count there. */
export type TreeFiles =
  { readonly archive: string } | { readonly folder: string; readonly paths?: readonly string[] };

/** All that checking files takes, as plain data, so that another thread can do it. */
export interface TreeJob {
  readonly files: TreeFiles;
  /** With defaults. */
  readonly manifest: ModuleManifest;
  readonly policy: { readonly name: string } & Pick<PolicySpec, 'checks'>;
  /** Undefined when no scanner looked. */
  readonly scan?: ScanReport;
}

/** The checks that a job is about, as its policy wants them. Throws POLICY_UNUSABLE. */
export const settingsOfJob = ({ policy }: Pick<TreeJob, 'policy'>): Setting[] =>
  settingsOf(policy.name, policy).filter(({ check }) => check.about === 'tree');

/** Runs the checks over the files, on this thread, and tells each result as soon as it is there. */
export async function runTreeJob(
  job: TreeJob,
  onResult: (result: CheckResult) => void,
): Promise<void> {
  const { manifest, scan } = job;
  const tree = opened(job.files);
  try {
    const dockerfile = dockerfileIn(tree, manifest);
    const subject = { manifest, tree, dockerfile, ...(scan !== undefined && { scan }) };
    await verify({ tree: subject }, settingsOfJob(job), onResult);
  } finally {
    tree.close();
  }
}

function opened(files: TreeFiles): OpenTree {
  if ('archive' in files) return openTarTree(files.archive);
  const { folder, paths } = files;
  return openFolderTree(folder, { maxFiles: MAX_FOLDER_FILES, ...(paths && { paths }) });
}
