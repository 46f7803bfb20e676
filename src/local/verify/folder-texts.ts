import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import type { ManifestText } from './declared-texts.js';
import { findManifest } from './find-manifest.js';

/** Where a folder really is. BAD_REQUEST when there is none. */
export async function existingFolder(folder: string): Promise<string> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() === true) return realpath(folder);
  throw new RegistrarError('BAD_REQUEST', `There is no folder "${printable(folder)}"`);
}

/**
 * The texts that were given, or the one that is found in a folder, called by the path that they have
 * below the root if they are below it.
 */
export async function textsFor(
  given: readonly ManifestText[],
  folder: string,
  root: string,
): Promise<readonly ManifestText[]> {
  if (given.length > 0) return given.map(({ name, text }) => ({ name: pathIn(root, name), text }));
  const { name, text } = await findManifest(folder);
  return [{ name: pathIn(root, resolve(folder, name)), text }];
}

function pathIn(root: string, name: string): string {
  const path = relative(root, resolve(name));
  return name === 'STDIN' || path.startsWith('..') || isAbsolute(path) ? name : path;
}
