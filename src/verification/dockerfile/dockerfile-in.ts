import { posix } from 'node:path';
import type { ModuleManifest } from '../../model/module.js';
import type { Tree } from '../tree/tree.js';
import type { Dockerfile } from './dockerfile.js';
import { MAX_DOCKERFILE, parseDockerfile, tooLong } from './parse-dockerfile.js';

/** Path of the Dockerfile in the tree, as the manifest says; undefined when nothing is built. */
export function dockerfilePath({ spec }: ModuleManifest): string | undefined {
  const { source, image } = spec;
  if (source === undefined || image !== '') return undefined;
  return posix.normalize(posix.join(source.path, source.dockerfile));
}

/** The Dockerfile that the manifest names; undefined when there is no such file. */
export function dockerfileIn(tree: Tree, manifest: ModuleManifest): Dockerfile | undefined {
  const path = dockerfilePath(manifest);
  const entry = path === undefined ? undefined : tree.at(path);
  if (entry?.type !== 'file') return undefined;
  // Not read in part: what is left out could be what matters.
  if (entry.size > MAX_DOCKERFILE) return tooLong(entry.path);
  return parseDockerfile(entry.path, tree.read(entry.path, MAX_DOCKERFILE).toString('utf8'));
}
