import { realpath } from 'node:fs/promises';
import { posix } from 'node:path';
import type { ModuleManifest } from '../model/module.js';

/** Where paths of this host really lead; undefined for one that cannot be followed. */
export type RealPaths = ReadonlyMap<string, string | undefined>;

/**
 * Where the host paths of a manifest, and all folders above them, really lead: a folder that a
 * policy allows may be a link itself. Never fails.
 */
export async function realPathsOf({ spec }: ModuleManifest): Promise<RealPaths> {
  const paths = new Map<string, string | undefined>();
  for (const { hostPath } of spec.volumes) {
    if (hostPath !== undefined) await follow(posix.resolve('/', hostPath), hostPath, paths);
  }
  return paths;
}

/** From the top, and no further than it goes: what is below a missing folder is missing. */
async function follow(
  path: string,
  written: string,
  paths: Map<string, string | undefined>,
): Promise<void> {
  let real: string | undefined = '/';
  for (const folder of foldersTo(path)) {
    if (real !== undefined && !paths.has(folder)) paths.set(folder, await realOf(folder));
    real = paths.get(folder);
  }
  paths.set(written, real);
}

/** `/data`, `/data/a` and `/data/a/b` for the last of them. */
const foldersTo = (path: string): string[] =>
  path.split('/').flatMap((part, index, parts) => {
    return part === '' ? [] : [parts.slice(0, index + 1).join('/')];
  });

const realOf = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
