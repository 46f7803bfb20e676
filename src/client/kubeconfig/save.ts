import { mkdir, open, readFile, realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PRIVATE_FILE, PRIVATE_FOLDER, replaceFile } from '../../lib/durable-file.js';
import { RegistrarError } from '../../model/errors.js';

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

/**
 * Gives a kubeconfig the content that `change` makes of the one it has (empty for a new file), for
 * its owner only. Nobody can lose a change: kubectl takes the same lock. BAD_REQUEST when the file
 * cannot be read or written, or is being changed.
 */
export async function changeKubeconfig(
  path: string,
  change: (text: string) => Promise<string>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
  // Of a link the file behind it, or the link would be replaced.
  const file = await realpath(path).catch(() => path);
  const unlock = await lock(file);
  try {
    const text = await contentOf(file);
    await replaceFile(file, await change(text), PRIVATE_FILE);
  } finally {
    await unlock();
  }
}

async function lock(file: string): Promise<() => Promise<void>> {
  const path = `${file}.lock`;
  const handle = await open(path, 'wx', PRIVATE_FILE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw refuse(`Cannot write "${path}": ${error.message}`);
    throw refuse(`File "${file}" is being changed; try again, or remove "${path}" if nobody does`);
  });
  await handle.close();
  return () => rm(path, { force: true });
}

async function contentOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw refuse(`Cannot read "${file}": ${error.message}`);
  });
}

/** Writes a new kubeconfig, for its owner only. BAD_REQUEST when there is a file already. */
export async function createKubeconfig(path: string, text: string): Promise<void> {
  await changeKubeconfig(path, async (present) => {
    if (present === '') return text;
    throw refuse(`File "${path}" is there already; add to it with --merge, or remove it`);
  });
}
