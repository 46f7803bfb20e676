import type { VerifyTree } from '../../controller/context.js';
import { verifySource } from '../../controller/preparation/source-job.js';
import { isRegistrarError } from '../../model/errors.js';
import { blocks } from '../../model/verdict.js';
import type { CheckResult } from '../../model/verification.js';
import { scanArchive } from '../../source/scanners/scan.js';
import type { ScanOptions } from '../../source/scanners/scan.js';
import type { Sources } from '../../source/source.js';
import { unseen } from './look.js';
import type { Look } from './look.js';

interface Parts {
  readonly sources: Sources;
  readonly verifyTree: VerifyTree;
  /** For a scanner that is installed. */
  readonly scanning: ScanOptions;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Nothing is fetched from where the policy lets nothing come from. */
const refusesSource = (result: CheckResult): boolean =>
  result.check.startsWith('manifest/repository-') && blocks(result);

/** Fetches the source that a manifest names, as the daemon does, and looks at it. */
export const lookAtRemote =
  ({ sources, verifyTree, scanning, onProgress, signal }: Parts): Look =>
  async (module, basis, ofManifest) => {
    if (module.spec.image !== '') return { results: [], notes: ['It runs a given image'] };
    if (ofManifest.some(refusesSource)) {
      return { results: [], notes: ['Its repository is refused, so nothing was fetched'] };
    }
    try {
      const scan = (archive: string) => scanArchive(archive, scanning);
      const work = verifySource(module, undefined, basis, { sources, verifyTree, scan });
      const { source, results } = await work(onProgress, signal);
      const notes = [`Looked at ${source.files} files of commit ${source.commit}`];
      return { results, source, notes };
    } catch (error) {
      signal.throwIfAborted();
      if (!isRegistrarError(error)) throw error;
      return { results: unseen(basis.settings, error.message), notes: [] };
    }
  };
