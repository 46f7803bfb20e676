import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Log } from '../lib/log.js';
import { isSecretVolume } from '../model/volumes.js';
import type { EngineAbout } from './engine-facts.js';
import { ensureMemoryFolder, unavailable } from './memory-folder.js';
import type { CreateRequest } from './runtime.js';
import type { SecretWriter } from './secret-writer.js';

export interface SecretFilesParts {
  /** Absolute path of the folder that is to be in memory; made when first needed. */
  readonly folder: string;
  readonly instanceId: string;
  /** Whether the engine is on this host. */
  readonly isLocal: boolean;
  readonly about: Pick<EngineAbout, 'facts'>;
  readonly writer: SecretWriter;
  readonly log: Log;
}

/** Name of the folder of one container: nothing in it, so that containers never share one. */
const NAME = /^[0-9a-f]{16}$/;

/**
 * Files of Secrets for containers: a folder for each container, in memory, which it mounts read-only.
 * A folder that no container mounts any more is removed when containers are listed, whoever left it:
 * there is nothing else to remember, and nothing to recover.
 */
export class SecretFiles {
  readonly #parts: SecretFilesParts;
  /** Folders that are being filled, or whose container is being made. */
  readonly #inUse = new Set<string>();

  constructor(parts: SecretFilesParts) {
    this.#parts = parts;
  }

  /** SECRET_FILES_UNAVAILABLE when a container of this template cannot have its files. */
  async check({ volumes }: CreateRequest['template']): Promise<void> {
    if (volumes.some(isSecretVolume)) await this.#ensureRoot();
  }

  /**
   * Writes the files of a container and calls `work` with the folder of each volume, by its name. The
   * folder stays for as long as a container mounts it.
   */
  async use<T>(
    { template, files, imageId }: Pick<CreateRequest, 'template' | 'files' | 'imageId'>,
    user: string,
    work: (folders: ReadonlyMap<string, string>) => Promise<T>,
  ): Promise<T> {
    const volumes = template.volumes.filter(isSecretVolume);
    if (volumes.length === 0) return work(new Map());
    const folder = join(await this.#ensureRoot(), randomBytes(8).toString('hex'));
    this.#inUse.add(folder);
    try {
      const folders = new Map(volumes.map(({ name }, index) => [name, join(folder, `${index}`)]));
      await this.#parts.writer.write({ folder, folders, files, imageId, user });
      return await work(folders);
    } finally {
      this.#inUse.delete(folder);
    }
  }

  /**
   * The folders that are there, without those in use: a container of one of them is made by now, so
   * that a list of containers that begins after this has it.
   */
  async present(): Promise<string[]> {
    const { folder: top, instanceId, isLocal } = this.#parts;
    const roots = isLocal ? await namesIn(top) : [];
    if (!roots.some((name) => name.startsWith(`${instanceId}-`))) return [];
    const root = await this.#root();
    const names = await namesIn(root);
    const folders = names.filter((name) => NAME.test(name)).map((name) => join(root, name));
    return folders.filter((folder) => !this.#inUse.has(folder));
  }

  /** Removes those of the folders that no container mounts. `sources` are the sources of all mounts. */
  async removeUnused(folders: readonly string[], sources: readonly string[]): Promise<void> {
    const mounted = new Set(sources.map((source) => dirname(source)));
    for (const folder of folders.filter((one) => !mounted.has(one))) {
      await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
        this.#parts.log.warn({ folder, err: error }, 'Cannot remove files of Secrets');
      });
    }
  }

  /** Whether files are gone that a container mounts, by the sources of its mounts. */
  async areLost(sources: readonly string[]): Promise<boolean> {
    if (!this.#parts.isLocal) return false;
    const ours = sources.filter((source) => this.#isOurs(source));
    return (await Promise.all(ours.map(isGone))).includes(true);
  }

  /** In whatever folder an earlier daemon was told to keep them. */
  #isOurs(source: string): boolean {
    const container = dirname(source);
    const owner = basename(dirname(container));
    return owner.startsWith(`${this.#parts.instanceId}-`) && NAME.test(basename(container));
  }

  /** One for each engine: the containers of another one are not in the list of this. */
  async #root(): Promise<string> {
    const { folder, instanceId, about } = this.#parts;
    const { id } = await about.facts();
    const engine = createHash('sha256').update(id).digest('hex').slice(0, 8);
    return join(folder, `${instanceId}-${engine}`);
  }

  async #ensureRoot(): Promise<string> {
    const { folder, isLocal } = this.#parts;
    if (!isLocal) throw unavailable(folder, 'the engine may be on another host');
    const root = await this.#root();
    await ensureMemoryFolder(folder);
    await ensureMemoryFolder(root);
    return root;
  }
}

/** None where there is no such folder. */
const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

const isGone = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );
