import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FOLDER } from '../lib/durable-file.js';
import type { Log } from '../lib/log.js';
import { systemLookup } from './addresses.js';
import type { Lookup } from './addresses.js';
import { toSourceError } from './errors.js';
import type { GitSetting } from './git.js';
import { LOW_SPEED } from './git-environment.js';
import type { LowSpeed } from './git-environment.js';
import { checkGitVersion } from './git-version.js';
import { keyFolder, removeLeftovers } from './leftovers.js';
import type { RemoteSetting } from './remote.js';
import type { RepoUrl } from './repo-url.js';
import type { SshFiles } from './ssh-command.js';
import { TreeCache } from './tree-cache.js';
import { Turns } from './turns.js';

export interface GitSourcesOptions extends SshFiles {
  readonly dataDir: string;
  readonly log: Log;
  /** Authorities that are trusted for https, in PEM. */
  readonly caFile?: string;
  /** How names are resolved; as the system does it when left out. */
  readonly lookup?: Lookup;
  readonly lowSpeed?: LowSpeed;
  /** Bytes for each process of git. */
  readonly maxMemory?: number;
}

/** Enough for a large repository; less than what would make a small machine end processes. */
const MAX_MEMORY = 1024 * 1024 * 1024;

/** What all work on sources shares. */
export interface Workshop {
  readonly git: GitSetting;
  readonly remote: RemoteSetting;
  readonly cache: TreeCache;
  /** One at a time for each repository. */
  readonly turns: Turns;
  readonly log: Log;
  /** Folders of the cache. */
  readonly repositories: string;
  readonly trees: string;
  readonly keyrings: string;
  /** Makes and tidies the folders and looks at the version of git, once. */
  ready(): Promise<void>;
}

/** Makes nothing yet: that waits until it is needed. */
export function createWorkshop(options: GitSourcesOptions): Workshop {
  const { dataDir, log, lookup = systemLookup, lowSpeed = LOW_SPEED } = options;
  const { maxMemory = MAX_MEMORY } = options;
  const root = join(dataDir, 'source');
  const [home, repositories, trees] = ['home', 'repositories', 'trees'].map((name) =>
    join(root, name),
  ) as [string, string, string];
  const keyrings = keyFolder(dataDir);
  const git = { home, lowSpeed, maxMemory };
  let prepared: Promise<void> | undefined;
  const prepare = async (): Promise<void> => {
    await makePrivate([root, home, repositories, trees, keyrings]);
    await removeLeftovers(repositories, trees, keyrings);
    await checkGitVersion(git);
  };
  return {
    ...{ git, remote: { ...options, lookup }, log, repositories, trees, keyrings },
    cache: new TreeCache(trees),
    turns: new Turns(),
    ready: () => {
      prepared ??= prepare().catch((error: unknown) => {
        prepared = undefined;
        throw toSourceError(error, `use the cache of sources "${root}"`);
      });
      return prepared;
    },
  };
}

/**
 * The name of a repository in the cache. Ids of another length need another repository, and what was
 * fetched with a Secret is not for those who may not use it.
 */
export function cacheKey({ href }: RepoUrl, commit: string, secret: string | undefined): string {
  const hash = createHash('sha256').update(href);
  return keyOf(secret === undefined ? hash : hash.update(`\n${secret}`), commit);
}

function keyOf(what: Hash, commit: string): string {
  const hash = what.digest('hex');
  return commit.length === 64 ? `${hash}-sha256` : hash;
}

async function makePrivate(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    await chmod(folder, PRIVATE_FOLDER);
  }
}
