import type { Module } from '../../model/module.js';
import { stableHash } from '../../model/stable-hash.js';
import { isBuilt, recordedCommit } from './resolved-commit.js';

/** The image a module runs, resolved or built once and then recorded in its status. */
export interface ResolvedImage {
  /** `spec.image` that was resolved, or the tag that it was built as. */
  readonly reference: string;
  readonly id: string;
  /** Digest in its registry; the id for a local image. */
  readonly digest: string;
}

const SHORT_INSTANCE = 8;
const SHORT_COMMIT = 12;
const SHORT_HASH = 8;

/** Hash over what makes a build another one besides its commit. 64 hexadecimal digits. */
export function buildHash({ spec: { source } }: Module): string {
  const { repoUrl, path, dockerfile } = source ?? {};
  return stableHash({ repoUrl, path, dockerfile });
}

/**
 * What the image of a module is called: what its spec names, or the tag that it is built as, which
 * says commit and build. Undefined while the commit is not known.
 */
export function wantedReference(
  module: Module,
  commit: string | undefined,
  instance: string,
): string | undefined {
  if (!isBuilt(module)) return module.spec.image;
  if (commit === undefined) return undefined;
  const tag = `${commit.slice(0, SHORT_COMMIT)}-${buildHash(module).slice(0, SHORT_HASH)}`;
  return `registrar-${instance.slice(0, SHORT_INSTANCE)}/${module.metadata.name}:${tag}`;
}

/** The image that the status records for the one that is wanted, if any. */
export function recordedImage(module: Module, instance: string): ResolvedImage | undefined {
  const { imageReference: reference, imageId: id, imageDigest: digest } = module.status;
  const wanted = wantedReference(module, recordedCommit(module)?.commit, instance);
  if (reference === undefined || reference !== wanted) return undefined;
  return id === undefined || digest === undefined ? undefined : { reference, id, digest };
}
