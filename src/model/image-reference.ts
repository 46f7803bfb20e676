/** A reference to an image, with what is left out of short forms filled in. */
export interface ImageReference {
  /** Host of the registry, with its port if it has one; `docker.io` when the text names none. */
  readonly registry: string;
  /** Path in the registry; official images of docker.io are in `library/`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** `algorithm:hex`. */
  readonly digest: string | undefined;
}

const DEFAULT_REGISTRY = 'docker.io';
/** Longest registry and repository together. */
const MAX_NAME_LENGTH = 255;

const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?';
const HOST = new RegExp(String.raw`^(?:${LABEL}(?:\.${LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$`);
const COMPONENT = '[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-fA-F0-9]{32,}$/;
/** The engine takes such a name for the id of an image. */
const IMAGE_ID = /^[a-f0-9]{64}$/;

/** Parts of a reference such as `ghcr.io/example/echo:1.4@sha256:…`; undefined when malformed. */
export function parseImageReference(text: string): ImageReference | undefined {
  const { before: tagged, after: digest } = cut(text, text.indexOf('@'));
  if (digest !== undefined && !DIGEST.test(digest)) return undefined;
  const colon = tagged.lastIndexOf(':');
  const { before: name, after: tag } = cut(tagged, colon > tagged.lastIndexOf('/') ? colon : -1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const parts = splitName(name);
  return parts && { ...parts, tag, digest };
}

/** The text around the separator at `index`; all of it is before when there is none. */
function cut(text: string, index: number): { before: string; after: string | undefined } {
  return index < 0
    ? { before: text, after: undefined }
    : { before: text.slice(0, index), after: text.slice(index + 1) };
}

/** The first part of a name is a registry only when it cannot be part of a path. */
function splitName(name: string): Pick<ImageReference, 'registry' | 'repository'> | undefined {
  if (IMAGE_ID.test(name)) return undefined;
  const { before: first, after: rest } = cut(name, name.indexOf('/'));
  const hasHost = rest !== undefined && (/[.:A-Z]/.test(first) || first === 'localhost');
  const registry = hasHost ? first : DEFAULT_REGISTRY;
  const path = hasHost ? rest : name;
  const repository =
    registry === DEFAULT_REGISTRY && !path.includes('/') ? `library/${path}` : path;
  const valid = HOST.test(registry) && REPOSITORY.test(repository);
  const fits = registry.length + 1 + repository.length <= MAX_NAME_LENGTH;
  return valid && fits ? { registry, repository } : undefined;
}
