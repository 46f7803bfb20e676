import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toSourceError } from './errors.js';
import type { Workshop } from './workshop.js';

/** Something of the cache that can be removed. */
interface Item {
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
export async function pruneCache(
  workshop: Workshop,
  keep: ReadonlySet<string>,
  maxBytes: number,
): Promise<void> {
  try {
    await workshop.ready();
    await shrink(workshop, keep, maxBytes);
  } catch (error) {
    throw toSourceError(error, 'make room in the cache of sources');
  }
}

async function shrink(
  workshop: Workshop,
  keep: ReadonlySet<string>,
  maxBytes: number,
): Promise<void> {
  const items = [...(await repositories(workshop)), ...(await archives(workshop, keep))];
  let total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const item of items.toSorted((a, b) => a.usedAt - b.usedAt)) {
    if (total <= maxBytes) break;
    if (item.isKept || workshop.turns.isTaken(item.key)) continue;
    await workshop.turns.take(item.key, () => remove(item, workshop));
    total -= item.bytes;
  }
}

/** A repository only saves transfers: the archives do not need it. */
async function repositories({ repositories: folder }: Workshop): Promise<Item[]> {
  const keys = await readdir(folder);
  return Promise.all(keys.map((key) => itemOf(key, [join(folder, key)], false)));
}

async function archives({ trees }: Workshop, keep: ReadonlySet<string>): Promise<Item[]> {
  const keys = await readdir(trees);
  const found = keys.map(async (key) => {
    const names = (await readdir(join(trees, key))).filter((name) => name.endsWith('.tar'));
    return names.map((name) => {
      const commit = name.slice(0, -'.tar'.length);
      const paths = [join(trees, key, `${commit}.json`), join(trees, key, name)];
      return itemOf(key, paths, keep.has(commit));
    });
  });
  return Promise.all((await Promise.all(found)).flat());
}

/** Each use touches the last path. */
async function itemOf(key: string, paths: readonly string[], isKept: boolean): Promise<Item> {
  const sizes = await Promise.all(paths.map(bytesOf));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const usedAt = await stat(paths.at(-1) ?? '').then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return { key, paths, bytes, usedAt, isKept };
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
