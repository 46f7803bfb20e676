import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf, signatureOf } from './entry.js';
import type { Entry } from './entry.js';
import { isHiddenName, isManifestName, isShowableName } from './names.js';
import { printable } from '../../lib/printable.js';

export interface LookLimits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  readonly files: number;
  /** Files of any name and folders together. */
  readonly entries: number;
}

/** More than a look may take on; the message goes after `Config directory "…"`. */
export class TooMuch extends Error {}

interface Folder {
  /** Absolute, resolved. */
  readonly real: string;
  /** Relative to the root, empty for the root. */
  readonly path: string;
}

/** Calls to the file system at once: enough to keep its threads busy. */
const BATCH = 32;

/** PATH_MAX of Linux, in bytes. */
const MAX_PATH = 4096;

/** Entries of a resolved directory by relative path. Rejects when it cannot be listed at all. */
export async function walk(root: string, limits: LookLimits): Promise<Map<string, Entry>> {
  const walker = new Walker(root, limits);
  await walker.visit({ real: root, path: '' });
  await walker.visitRest();
  return walker.entries;
}

class Walker {
  readonly entries = new Map<string, Entry>();
  readonly #root: string;
  readonly #limits: LookLimits;
  readonly #visited = new Set<string>();
  readonly #folders: Folder[] = [];
  /** Visited after the plain folders, so that a link never takes the place of what it leads to. */
  readonly #linked: Folder[] = [];
  #count = 0;
  #files = 0;
  #bytes = 0;
  #excess: string | undefined;

  constructor(root: string, limits: LookLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  async visitRest(): Promise<void> {
    for (;;) {
      const folder = this.#folders.pop() ?? this.#linked.shift();
      if (folder === undefined) return;
      if (this.#visited.has(folder.real)) {
        this.#unusable(folder.path, 'Leads to a folder that is read already', true);
      } else await this.#visitSubfolder(folder);
    }
  }

  async #visitSubfolder(folder: Folder): Promise<void> {
    try {
      await this.visit(folder);
    } catch (error) {
      if (error instanceof TooMuch) throw error;
      if (codeOf(error) !== 'ENOENT') this.#unusable(folder.path, reasonOf(error));
    }
  }

  async visit(folder: Folder): Promise<void> {
    this.#visited.add(folder.real);
    let batch: Promise<void>[] = [];
    for await (const item of await opendir(folder.real, { bufferSize: 256 })) {
      this.#limit(++this.#count, this.#limits.entries, 'entries');
      batch.push(this.#enter(folder, item));
      if (batch.length < BATCH) continue;
      await this.#finish(batch);
      batch = [];
    }
    await this.#finish(batch);
  }

  async #finish(batch: readonly Promise<void>[]): Promise<void> {
    await Promise.all(batch);
    if (this.#excess !== undefined) throw new TooMuch(this.#excess);
  }

  /** Does not reject: a batch is awaited as a whole. */
  async #enter(folder: Folder, item: Dirent): Promise<void> {
    if (isHiddenName(item.name)) return;
    const path = folder.path === '' ? item.name : `${folder.path}/${item.name}`;
    const real = join(folder.real, item.name);
    const isManifest = isManifestName(item.name);
    if (!isShowableName(item.name)) {
      if (isManifest || item.isDirectory()) this.#unusable(path, 'Has a name that cannot be shown');
    } else if (item.isSymbolicLink()) await this.#enterLink(path, real, isManifest);
    else if (item.isDirectory()) this.#enterFolder({ real, path }, isManifest, this.#folders);
    else if (isManifest) await this.#enterFile(path, real);
  }

  #enterFolder(folder: Folder, isManifest: boolean, queue: Folder[]): void {
    if (isManifest) this.#unusable(folder.path, 'Is a folder with the name of a file');
    else queue.push(folder);
  }

  /** A file that is gone before it is looked at was not there. */
  async #enterFile(path: string, real: string): Promise<void> {
    const stats = await lstat(real, { bigint: true }).catch(() => undefined);
    if (stats !== undefined) this.#addFile(path, real, stats);
  }

  async #enterLink(path: string, link: string, isManifest: boolean): Promise<void> {
    try {
      const real = await realpath(link);
      const stats = await stat(real, { bigint: true });
      if (!isManifest && !stats.isDirectory()) return;
      if (!this.#holds(real)) this.#unusable(path, 'Leads out of the config directory');
      else if (stats.isDirectory()) this.#enterFolder({ real, path }, isManifest, this.#linked);
      else this.#addFile(path, real, stats);
    } catch (error) {
      this.#unusable(path, linkReasonOf(error));
    }
  }

  #addFile(path: string, real: string, stats: BigIntStats): void {
    if (!stats.isFile()) return this.#unusable(path, 'Is not a regular file');
    const size = Number(stats.size);
    const { fileBytes, files, totalBytes } = this.#limits;
    if (size > fileBytes) return this.#unusable(path, `Is larger than ${fileBytes / 1024} KiB`);
    this.#limit((this.#files += 1), files, 'files');
    this.#limit((this.#bytes += size), totalBytes, 'bytes');
    this.entries.set(path, { kind: 'file', path: real, signature: signatureOf(stats), size });
  }

  #holds(real: string): boolean {
    return real === this.#root || real.startsWith(join(this.#root, sep));
  }

  #unusable(path: string, reason: string, isElsewhere = false): void {
    this.entries.set(printable(path, MAX_PATH), { kind: 'unusable', reason, isElsewhere });
  }

  #limit(value: number, limit: number, what: string): void {
    if (value > limit) this.#excess ??= `has more than ${limit} ${what}`;
  }
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === 'EACCES' ? 'Cannot be read: permission denied' : `Cannot be read (${code})`;
}

function linkReasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'ENOENT') return 'Is a symbolic link that leads to nothing';
  if (code === 'ELOOP') return 'Is a symbolic link that leads to itself';
  return reasonOf(error);
}
