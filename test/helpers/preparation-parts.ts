import { join } from 'node:path';
import type { ControllerOptions } from '../../src/controller/controller-options.js';
import { silentLog } from '../../src/lib/log.js';
import type { CheckResult } from '../../src/model/verification.js';
import { gateAsker } from '../../src/source/ask-gate.js';
import { createGitSources } from '../../src/source/git-sources.js';
import { PackageStore } from '../../src/source/package-store.js';
import { runTreeJob } from '../../src/verification/tree-job.js';

type Parts = Pick<
  ControllerOptions,
  | 'disk'
  | 'sources'
  | 'packages'
  | 'fetchSignatures'
  | 'askGate'
  | 'verifyTree'
  | 'scan'
  | 'buildLogFolder'
  | 'registrarVersion'
>;

/** What a controller prepares modules with: real git, and checks on the thread of the test. */
export function preparationParts(dataDir: string): Parts {
  return {
    sources: createGitSources({ dataDir, log: silentLog }),
    scan: async () => undefined,
    fetchSignatures: async () => [],
    askGate: gateAsker(),
    packages: new PackageStore({ folder: join(dataDir, 'packages') }),
    verifyTree: async (job) => {
      const results: CheckResult[] = [];
      await runTreeJob(job, (result) => results.push(result));
      return results;
    },
    disk: { dataDir, floorBytes: 0 },
    buildLogFolder: join(dataDir, 'builds'),
    registrarVersion: '0.1.0',
  };
}
