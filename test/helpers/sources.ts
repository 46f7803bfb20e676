import { execFileSync } from 'node:child_process';
import { silentLog } from '../../src/lib/log.js';
import { createGitSources } from '../../src/source/git-sources.js';
import type { FetchOptions, SourceLimits, SourceRules } from '../../src/source/source.js';
import type { GitSourcesOptions } from '../../src/source/workshop.js';
import { GIT_HOST } from './git-server.js';
import { temporaryFolder } from './git-repository.js';

export const RULES: SourceRules = { schemes: ['https', 'ssh', 'file'], privateAddresses: true };

export const LIMITS: SourceLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxFiles: 10_000,
  maxPathLength: 1024,
  timeoutMs: 60_000,
};

export const OPTIONS: FetchOptions = { rules: RULES, limits: LIMITS };

export const never = (): AbortSignal => new AbortController().signal;

/** Sources with a cache of their own, for which the host of the test servers is this machine. */
export function someSources(options: Partial<GitSourcesOptions> = {}) {
  const dataDir = options.dataDir ?? temporaryFolder('sources');
  const lookup = async (host: string): Promise<string[]> => {
    if (host === GIT_HOST) return ['127.0.0.1'];
    throw new Error(`getaddrinfo ENOTFOUND ${host}`);
  };
  const sources = createGitSources({ log: silentLog, lookup, ...options, dataDir });
  const from = (repoUrl: string, branch = 'main', commit = '') => ({ repoUrl, branch, commit });
  return {
    ...sources,
    dataDir,
    /** `resolve` with the rules of the tests. */
    look: (repoUrl: string, branch?: string, commit?: string) =>
      sources.resolve(from(repoUrl, branch, commit), RULES, never()),
    /** `fetch` with the rules and limits of the tests. */
    take: (repoUrl: string, commit: string, limits: Partial<SourceLimits> = {}, branch?: string) =>
      sources.fetch(
        from(repoUrl, branch, commit),
        commit,
        { rules: RULES, limits: { ...LIMITS, ...limits } },
        () => undefined,
        never(),
      ),
  };
}

/** Names in a tar, as `tar` lists them: mode, name, and where a link points to. */
export function namesIn(archive: string): string[] {
  return execFileSync('tar', ['-tf', archive], { encoding: 'utf8' }).trimEnd().split('\n');
}

/** The content of one file in a tar. */
export function fileIn(archive: string, name: string): string {
  return execFileSync('tar', ['-xOf', archive, name], { encoding: 'utf8' });
}
