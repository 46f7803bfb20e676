import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the keys that a process which was killed left in a data directory. What else it left harms
 * nobody, and is removed when sources are next asked for, which may be never.
 */
export const removeLeftKeys = (dataDir: string): Promise<void> =>
  rm(keyFolder(dataDir), { recursive: true, force: true });

/** Folder of keys for as long as git needs them. */
export const keyFolder = (dataDir: string): string => join(dataDir, 'source', 'keyrings');

/** Removes what an earlier process was in the middle of: drafts, and all in the folder for keys. */
export async function removeLeftovers(
  repositories: string,
  trees: string,
  keyrings: string,
): Promise<void> {
  const isDraft = (name: string): boolean => name.endsWith('.tmp');
  await removeIn(keyrings, () => true);
  await removeIn(repositories, isDraft);
  for (const key of await readdir(trees)) await removeIn(join(trees, key), isDraft);
}

async function removeIn(folder: string, isLeft: (name: string) => boolean): Promise<void> {
  const names = (await readdir(folder)).filter(isLeft);
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}
