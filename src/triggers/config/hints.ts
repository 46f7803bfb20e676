import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { watch } from 'chokidar';
import type { ChokidarOptions, FSWatcher } from 'chokidar';
import type { Log } from '../../lib/log.js';
import { isHiddenName, isManifestName } from './names.js';

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
 * a word when its directory is replaced, and the system may have no watches left.
 */
export class ConfigHints {
  readonly #directory: string;
  readonly #onHint: () => void;
  readonly #log: Log;
  #parent: FSWatcher | undefined;
  #inside: FSWatcher | undefined;
  #isClosed = false;
  #last: Promise<void> = Promise.resolve();

  constructor(directory: string, onHint: () => void, log: Log) {
    this.#directory = directory;
    this.#onHint = onHint;
    this.#log = log;
  }

  /** Watches, or watches anew. Resolves before the watchers are ready: that is a hint, too. */
  restart(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#parent?.close();
      this.#parent = this.#isClosed ? undefined : this.#watchParent();
      await this.#watchInside();
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.#inTurn(async () => {
      await Promise.all([this.#parent?.close(), this.#inside?.close()]);
    });
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(task).catch((error: unknown) => this.#warn(error));
    return this.#last;
  }

  /** Sees the directory itself come and go; nothing else of its parent is looked at. */
  #watchParent(): FSWatcher {
    const parent = dirname(this.#directory);
    const ignored = (path: string): boolean => path !== parent && path !== this.#directory;
    const watcher = watch(parent, { ...OPTIONS, depth: 0, ignored });
    watcher.on('all', (_event, path) => {
      if (path === this.#directory) void this.#inTurn(() => this.#watchInside());
    });
    return this.#listen(watcher);
  }

  async #watchInside(): Promise<void> {
    await this.#inside?.close();
    this.#inside = undefined;
    const root = await realpath(this.#directory).catch(() => undefined);
    if (root === undefined || this.#isClosed) return;
    this.#inside = this.#listen(watch(root, insideOptions(root)));
  }

  #listen(watcher: FSWatcher): FSWatcher {
    watcher.on('all', () => this.#onHint());
    watcher.on('ready', () => this.#onHint());
    watcher.on('error', (error) => this.#warn(error));
    return watcher;
  }

  #warn(error: unknown): void {
    this.#log.warn({ error }, 'Config directory is not watched in full, changes take longer');
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
