import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toSourceError } from './errors.js';
import type { Workshop } from './workshop.js';

export interface PruneRequest {
  /** Commits whose archives stay. */
  readonly keep: ReadonlySet<string>;
  readonly maxBytes: number;
  /** Only tells. */
  readonly dryRun?: boolean;
}

/** Something of the cache that can be removed. */
interface Item {
  /** What people call it: a commit, or the repository by its key. */
  readonly name: string;
  /** Repository that it is of. */
  readonly key: string;
  /** First what makes the rest findable. */
  readonly paths: readonly string[];
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
  readonly isKept: boolean;
}

/** `Sources.prune`. What is being worked on is left for the next time. */
export async function pruneCache(workshop: Workshop, request: PruneRequest): Promise<Item[]> {
  try {
    await workshop.ready();
    const all = [...(await repositories(workshop)), ...(await archives(workshop, request.keep))];
    const isTaken = ({ key }: Item): boolean => workshop.turns.isTaken(key);
    const items = all.map((item) => ({ ...item, isKept: item.isKept || isTaken(item) }));
    const surplus = surplusOf(items, request.maxBytes);
    if (request.dryRun === true) return surplus;
    const removed: Item[] = [];
    for (const item of surplus) {
      // Whoever works on it by now needs it.
      if (isTaken(item)) continue;
      await workshop.turns.take(item.key, () => remove(item, workshop));
      removed.push(item);
    }
    return removed;
  } catch (error) {
    throw toSourceError(error, 'make room in the cache of sources');
  }
}

/** What goes so that all of it takes so many bytes at most: what is kept counts, and stays. Pure. */
export function surplusOf<T extends Pick<Item, 'bytes' | 'usedAt' | 'isKept'>>(
  items: readonly T[],
  maxBytes: number,
): T[] {
  let total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  const surplus: T[] = [];
  for (const item of items.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) break;
    if (item.isKept) continue;
    surplus.push(item);
    total -= item.bytes;
  }
  return surplus;
}

/** A repository only saves transfers: the archives do not need it. */
async function repositories({ repositories: folder }: Workshop): Promise<Item[]> {
  const keys = await readdir(folder);
  return Promise.all(
    keys.map((key) => itemOf({ name: key, key, isKept: false }, [join(folder, key)])),
  );
}

async function archives({ trees }: Workshop, keep: ReadonlySet<string>): Promise<Item[]> {
  const keys = await readdir(trees);
  const found = keys.map(async (key) => {
    const names = (await readdir(join(trees, key))).filter((name) => name.endsWith('.tar'));
    return names.map((name) => {
      const commit = name.slice(0, -'.tar'.length);
      const paths = [join(trees, key, `${commit}.json`), join(trees, key, name)];
      return itemOf({ name: commit, key, isKept: keep.has(commit) }, paths);
    });
  });
  return Promise.all((await Promise.all(found)).flat());
}

/** Each use touches the last path. */
async function itemOf(
  about: Pick<Item, 'name' | 'key' | 'isKept'>,
  paths: readonly string[],
): Promise<Item> {
  const sizes = await Promise.all(paths.map(bytesOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const usedAt = await stat(paths.at(-1) ?? '').then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return { ...about, paths, bytes, usedAt };
}

/** Of a file, or of all files in a folder; 0 for what is gone meanwhile. */
async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) return found?.size ?? 0;
  const names = await readdir(path).catch(() => []);
  const sizes = await Promise.all(names.map((name) => bytesOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function remove({ key, paths }: Item, { trees }: Workshop): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
  // The folder of the archives of a repository goes with the last of them.
  await rmdir(join(trees, key)).catch(() => undefined);
}
