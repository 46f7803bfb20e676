import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer as readAll } from 'node:stream/consumers';
import { RegistrarError } from '../model/errors.js';

/** A text and what to call it in messages. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

const MANIFEST = /\.(ya?ml|json)$/i;
/** More than any manifest may have; keeps a wrong path from filling the memory. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

async function filesOf(path: string, recursive: boolean): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true, recursive });
  const names = entries
    .filter((entry) => !entry.isDirectory() && MANIFEST.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  if (names.length === 0)
    throw refuse(
      `There is no .yaml, .yml or .json file in "${path}"${recursive ? '' : '; -R looks below it'}`,
    );
  return names.toSorted();
}

async function readSource(name: string): Promise<Source> {
  const { size } = await stat(name);
  if (size > MAX_FILE_BYTES)
    throw refuse(`File "${name}" has ${size} bytes, too many for a manifest`);
  return { name, text: decode(name, await readFile(name)) };
}

/** Never with `\ufffd` in place of what cannot be read. */
function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse(`"${name}" is not a text in UTF-8`);
  }
}

async function readPath(path: string, recursive: boolean): Promise<Source[]> {
  if (path === '-') return [{ name: 'STDIN', text: decode('STDIN', await readAll(process.stdin)) }];
  if (/^https?:\/\//.test(path))
    throw refuse(`Will not fetch "${path}"; download it, read it, then apply the file`);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw refuse(`The path "${path}" does not exist`);
    throw error;
  });
  const names = found.isDirectory() ? await filesOf(path, recursive) : [path];
  return Promise.all(names.map(readSource));
}

/**
 * The texts of files, of the manifests in folders (sorted by name) and of standard input (`-`).
 * BAD_REQUEST for a path that cannot be used.
 */
export async function readSources(
  paths: readonly string[],
  options: { readonly recursive: boolean },
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const path of paths) sources.push(...(await readPath(path, options.recursive)));
  return sources;
}
