import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { SourceLimits } from './source.js';
import { inBytes, tooLarge } from './too-large.js';

/** At 1 GB a second, 100 MB too much are on the disk before it is noticed. */
const INTERVAL_MS = 100;

/** In a pack, the name of a file and what it costs to list it; and what every pack has. */
const PER_ENTRY = 64;
const OVERHEAD = 64 * 1024;

/** Whole and unfinished packs; not what git makes to find things in them. */
const PACK = /^tmp_pack_|\.pack$/;

/**
 * Does work that makes a repository grow, with a signal that aborts with SOURCE_TOO_LARGE when it
 * grows by more than a commit within the limits can take. Git itself has no limit for what a remote
 * sends.
 */
export async function watchSize<T>(
  repository: string,
  { maxBytes, maxFiles }: SourceLimits,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const allowed = maxBytes + maxFiles * PER_ENTRY + OVERHEAD;
  const before = await packedBytes(repository);
  const grown = new AbortController();
  const look = async (): Promise<void> => {
    if ((await packedBytes(repository)) - before <= allowed) return;
    grown.abort(tooLarge('The remote sends more', inBytes(maxBytes)));
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);
  try {
    const result = await work(AbortSignal.any([signal, grown.signal]));
    await look();
    grown.signal.throwIfAborted();
    return result;
  } finally {
    clearInterval(timer);
  }
}

async function packedBytes(repository: string): Promise<number> {
  const folder = join(repository, 'objects', 'pack');
  const names = await readdir(folder).catch(() => []);
  const packs = names.filter((name) => PACK.test(name));
  const sizes = await Promise.all(packs.map((name) => sizeOf(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** A file that git renamed meanwhile counts the next time. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
