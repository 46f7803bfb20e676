import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { watch } from 'chokidar';
import type { ChokidarOptions, FSWatcher } from 'chokidar';
import type { Log } from '../lib/log.js';
import { isHiddenName, isManifestName } from './config-names.js';

const OPTIONS: ChokidarOptions = {
  ignoreInitial: true,
  // Following links lists each file of a Kubernetes volume several times and misses its swap.
  followSymlinks: false,
  atomic: false,
  ignorePermissionErrors: true,
};

/** The link that Kubernetes swaps to change all files of a volume at once. */
const KUBERNETES_LINK = '..data';

/**
 * Tells that something in the directory may have changed. Only a hint: a watcher goes deaf without
 * a word when the directory is replaced, and the system may have no watches left.
 */
export class ConfigHints {
  readonly #directory: string;
  readonly #onHint: () => void;
  readonly #log: Log;
  #watchers: readonly FSWatcher[] = [];

  constructor(directory: string, onHint: () => void, log: Log) {
    this.#directory = directory;
    this.#onHint = onHint;
    this.#log = log;
  }

  /** Watches anew, also a directory that came back. Resolves before the watchers are ready. */
  async restart(): Promise<void> {
    await this.close();
    const root = await realpath(this.#directory).catch(() => undefined);
    const inside = root === undefined ? [] : [watch(root, insideOptions(root))];
    this.#watchers = [this.#watchParent(), ...inside];
    for (const watcher of this.#watchers) this.#listen(watcher);
  }

  async close(): Promise<void> {
    const watchers = this.#watchers;
    this.#watchers = [];
    await Promise.all(watchers.map((watcher) => watcher.close()));
  }

  /** Sees the directory itself come and go; nothing else of its parent is looked at. */
  #watchParent(): FSWatcher {
    const parent = dirname(this.#directory);
    const ignored = (path: string): boolean => path !== parent && path !== this.#directory;
    return watch(parent, { ...OPTIONS, depth: 0, ignored });
  }

  #listen(watcher: FSWatcher): void {
    watcher.on('all', () => this.#onHint());
    watcher.on('ready', () => this.#onHint());
    watcher.on('error', (error) => {
      this.#log.warn({ error }, 'Config directory is not watched in full, changes take longer');
    });
  }
}

function insideOptions(root: string): ChokidarOptions {
  const ignored: ChokidarOptions['ignored'] = (path, stats) => {
    const name = basename(path);
    if (path === root || name === KUBERNETES_LINK) return false;
    return isHiddenName(name) || (stats?.isFile() === true && !isManifestName(name));
  };
  return { ...OPTIONS, ignored };
}
