import { silentLog } from '../../src/lib/log.js';
import { createGitSources } from '../../src/source/git-sources.js';

/** A process that fetches a commit from a server on this machine, until it is killed. */
const [dataDir = '', repoUrl = '', commit = '', caFile = ''] = process.argv.slice(2);
const lookup = async (): Promise<string[]> => ['127.0.0.1'];
const sources = createGitSources({ dataDir, log: silentLog, caFile, lookup });
const rules = { schemes: ['https'], privateAddresses: true } as const;
const limits = { maxBytes: 1e9, maxFiles: 1e6, maxPathLength: 1e4, timeoutMs: 1e6 };
const location = { repoUrl, branch: 'main', commit: '' };
await sources.fetch(
  location,
  commit,
  { rules, limits },
  () => undefined,
  new AbortController().signal,
);
