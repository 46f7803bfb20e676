import { lstat, mkdir, statfs } from 'node:fs/promises';
import { RegistrarError } from '../model/errors.js';

/** Numbers by which the kernel tells file systems that are in memory alone: see statfs(2). */
const TMPFS = 0x01021994n;
const RAMFS = 0x858458f6n;
/** The kernel's number has 32 bits, which some processors extend by their sign. */
const MAGIC_BITS = 32;

/** Who else may write to a folder: its group, and all others. */
const OTHERS_WRITE = 0o022;

/**
 * Makes a folder for this process alone, if there is none, and makes sure that it is in memory and
 * that nobody else can put something else in its place. SECRET_FILES_UNAVAILABLE says why not.
 */
export async function ensureMemoryFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const { uid, mode, isLink } = await lookAt(path);
    if (isLink) throw unavailable(path, 'it is no folder');
    const isOurs = uid === process.geteuid?.() || uid === 0;
    if (!isOurs || (mode & OTHERS_WRITE) !== 0) throw unavailable(path, 'others may write to it');
    if (!(await isInMemory(path))) throw unavailable(path, 'it is not on a file system in memory');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof RegistrarError) throw error;
    throw unavailable(path, `Registrar cannot make it or look at it (${code})`);
  }
}

async function lookAt(path: string): Promise<{ uid: number; mode: number; isLink: boolean }> {
  const found = await lstat(path);
  return { uid: found.uid, mode: found.mode, isLink: !found.isDirectory() };
}

async function isInMemory(path: string): Promise<boolean> {
  const { type } = await statfs(path, { bigint: true });
  return [TMPFS, RAMFS].includes(BigInt.asUintN(MAGIC_BITS, type));
}

/** Why containers cannot have files of Secrets, and what to do about it. */
export function unavailable(folder: string, why: string): RegistrarError {
  const message = `Cannot keep files of Secrets in "${folder}": ${why}; start the daemon with --secrets-dir and a folder of its own in memory, such as /run/registrar or /dev/shm/registrar`;
  return new RegistrarError('SECRET_FILES_UNAVAILABLE', message);
}
