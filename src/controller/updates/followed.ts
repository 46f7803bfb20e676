import { parseImageReference } from '../../model/image-reference.js';
import type { Module } from '../../model/module.js';
import { memoryOf } from '../../model/updates-memory.js';

/** What of a module is followed. */
export type Followed =
  | { readonly kind: 'branch'; readonly branch: string; readonly text: string }
  | { readonly kind: 'tags'; readonly range: string; readonly text: string }
  | { readonly kind: 'image'; readonly image: string; readonly text: string };

/** What a module says is to be followed; undefined when it is not. */
export function followedOf({ spec }: Module): Followed | undefined {
  const { updates, image, source } = spec;
  if (updates.policy !== 'Follow') return undefined;
  if (image !== '') return { kind: 'image', image, text: `image ${image}` };
  if (source === undefined) return undefined;
  const { repoUrl, branch } = source;
  const { range } = updates;
  return range === undefined
    ? { kind: 'branch', branch, text: `branch ${branch} of ${repoUrl}` }
    : { kind: 'tags', range, text: `tags ${range} of ${repoUrl}` };
}

const SHORT_COMMIT = 12;

/** A version of its own for each commit of a branch: `1.4.2+9fceb02d0ae5`. */
export function branchVersion(version: string, commit: string): string {
  return `${version}${version.includes('+') ? '.' : '+'}${commit.slice(0, SHORT_COMMIT)}`;
}

/**
 * The module as it is once what was taken up last stands for what its spec says: verified, built,
 * published and run like one whose spec a person changed.
 */
export function asTaken(module: Module, memory = memoryOf(module)): Module {
  const current = memory?.current;
  const { spec, status } = module;
  if (current === undefined) return module;
  const { id, name, version } = current;
  if (spec.image !== '') return { ...module, spec: { ...spec, image: pinnedImage(name, id) } };
  if (spec.source === undefined) return module;
  const source = { ...spec.source, branch: shortName(name) };
  const { repoUrl, branch, commit: pin } = source;
  const resolved = { repoUrl, branch, pin, version, ref: name, commit: id };
  return {
    ...module,
    spec: { ...spec, version, source },
    status: { ...status, source: { ...resolved, resolvedAt: current.firstSeenAt } },
  };
}

/** Branch or tag of a ref such as `refs/heads/main`; an image as it is. */
export const shortName = (ref: string): string => ref.replace(/^refs\/(?:heads|tags)\//, '');

/** An image under its tag and digest: only the digest decides. */
function pinnedImage(image: string, digest: string): string {
  const { tag = 'latest' } = parseImageReference(image) ?? {};
  const name = image.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  return `${name}:${tag}@${digest}`;
}
