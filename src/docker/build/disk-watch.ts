import { statfs } from 'node:fs/promises';

/** Free space that no build may go below: databases and logs need some too. */
export const FREE_BYTES_FLOOR = 1024 ** 3;

const LOOK_MS = 1_000;
/** For sizes the engine counts files; the free space costs nothing to ask for. */
const LOOKS_BETWEEN_SIZES = 10;

export interface DiskWatchOptions {
  /** Free space where the engine keeps its data; undefined when that cannot be said. */
  readonly freeBytes: () => Promise<number | undefined>;
  /** What the build may add. */
  readonly maxBytes: number;
  /** What it has added so far. */
  readonly bytesAdded: () => Promise<number>;
  /** Called once, when it added too much. */
  readonly onTooMuch: () => void;
  /** Called once, when there is too little left, whoever took it. */
  readonly onFull: () => void;
}

/** Free space of the disk that a folder is on; undefined when that cannot be said. */
export async function freeBytesOf(folder: string | undefined): Promise<number | undefined> {
  if (folder === undefined || folder === '') return undefined;
  const found = await statfs(folder).catch(() => undefined);
  return found && found.bavail * found.bsize;
}

/**
 * Watches what a build does to the engine's disk until the returned function is called. Others use
 * the disk too: how much free space went away since `freeBefore` only says that it is time to ask
 * what the build has added.
 */
export function watchDisk(options: DiskWatchOptions, freeBefore: number | undefined): () => void {
  let isOver = false;
  let looks = 0;
  let timer: NodeJS.Timeout;
  const look = async (): Promise<void> => {
    looks += 1;
    const isTurn = looks % LOOKS_BETWEEN_SIZES === 0;
    const found = await lookOnce(options, freeBefore, isTurn).catch(() => undefined);
    if (isOver) return;
    if (found === undefined) return next();
    isOver = true;
    if (found === 'full') options.onFull();
    else options.onTooMuch();
  };
  const next = (): void => void (timer = setTimeout(() => void look(), LOOK_MS));
  next();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

async function lookOnce(
  { freeBytes, maxBytes, bytesAdded }: DiskWatchOptions,
  freeBefore: number | undefined,
  isTurn: boolean,
): Promise<'full' | 'tooMuch' | undefined> {
  const free = await freeBytes();
  if (free !== undefined && free < FREE_BYTES_FLOOR) return 'full';
  const shrunk = free === undefined || freeBefore === undefined ? 0 : freeBefore - free;
  const isTime = isTurn || shrunk > maxBytes;
  return isTime && (await bytesAdded()) > maxBytes ? 'tooMuch' : undefined;
}
