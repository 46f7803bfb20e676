import { writeFile } from 'node:fs/promises';
import { RegistrarError } from '../model/errors.js';

/** Writes a file that is not there yet, or any with `force`. BAD_REQUEST when it is there. */
export async function writeNewFile(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const message = `File "${path}" exists; name another one with --output, or say --force`;
    throw new RegistrarError('BAD_REQUEST', message);
  }
}
