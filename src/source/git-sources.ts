import { parseBranch } from './branch-name.js';
import { cachedSource } from './cached-source.js';
import { parseCommitId } from './commit-id.js';
import { fetchSource } from './fetch-source.js';
import { withKeyFiles } from './key-files.js';
import { pruneCache } from './prune.js';
import { openRemote } from './remote.js';
import { parseRepoUrl } from './repo-url.js';
import { remoteTags } from './refs.js';
import { resolveBranch } from './resolve.js';
import { checkSignature } from './signature/check-signature.js';
import type { Sources } from './source.js';
import { createWorkshop } from './workshop.js';
import type { GitSourcesOptions } from './workshop.js';

/** Sources through the git command line, with a cache in the data directory. */
export function createGitSources(options: GitSourcesOptions): Sources {
  const workshop = createWorkshop(options);
  return {
    resolve: async (location, rules, signal, credentials) => {
      const url = parseRepoUrl(location.repoUrl, rules);
      if (location.commit !== '') return { commit: parseCommitId(location.commit), ref: '' };
      const branch = parseBranch(location.branch);
      await workshop.ready();
      return withKeyFiles(workshop.keyrings, url, credentials, async (files) => {
        const remote = await openRemote(url, rules, { ...workshop.remote, ...files }, signal);
        return resolveBranch(workshop.git, remote, branch, signal);
      });
    },
    tags: ({ repoUrl }, rules, signal, credentials) =>
      remoteTags(workshop, { repoUrl, rules, signal, credentials }),
    fetch: (location, commit, fetchOptions, onProgress, signal) =>
      fetchSource(workshop, { location, commit, ...fetchOptions, onProgress, signal }),
    cached: (location, commit) => cachedSource(workshop, location, commit),
    signature: (location, commit, keys, signal) =>
      checkSignature(workshop, { location, commit, keys, signal }),
    prune: (keep, maxBytes, how) => pruneCache(workshop, { keep, maxBytes, ...how }),
  };
}
