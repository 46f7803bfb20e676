import { statfs } from 'node:fs/promises';

/** Free room of the disk that a folder is on, in bytes. */
export interface Room {
  readonly folder: string;
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Room of the disk that a folder is on; undefined when that cannot be said. */
export async function roomAt(folder: string | undefined): Promise<Room | undefined> {
  if (folder === undefined || folder === '') return undefined;
  const found = await statfs(folder).catch(() => undefined);
  if (found === undefined) return undefined;
  const { bavail, blocks, bsize } = found;
  return { folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize };
}
