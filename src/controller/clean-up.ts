import type { Runtime } from '../docker/runtime.js';
import type { Log } from '../lib/log.js';
import type { Clock } from '../lib/clock.js';
import type { OwnedImage } from '../model/container.js';
import type { Registry } from '../registry/registry.js';
import type { Sources } from '../source/source.js';

/** An image is built before the status of its module says so. */
const YOUNGEST_MS = 60 * 60_000;

/** Sources that are kept beside those that a module needs, so that going back is quick. */
const SOURCE_CACHE_BYTES = 4 * 1024 ** 3;

/** What modules, and the revisions that are kept of them, run or may run again. */
export interface Needed {
  /** Ids of images. */
  readonly images: ReadonlySet<string>;
  readonly commits: ReadonlySet<string>;
}

/** Images that nothing needs; `now` in milliseconds since 1970. Pure. */
export function superfluous(
  images: readonly OwnedImage[],
  { images: needed }: Needed,
  now: number,
): OwnedImage[] {
  return images.filter(
    ({ id, createdAt }) => !needed.has(id) && now - Date.parse(createdAt) > YOUNGEST_MS,
  );
}

/** What the store says is needed: of every module, and of every revision that is kept. */
export function neededIn(registry: Pick<Registry, 'list'>): Needed {
  const modules = registry.list('Module').items.map(({ object }) => object.status);
  const revisions = registry.list('Revision').items.map(({ object }) => object.spec);
  const candidates = modules.flatMap(({ updates }) => updates?.candidates ?? []);
  const ids = [...modules, ...revisions, ...candidates].flatMap(({ imageId }) => imageId ?? []);
  const commits = [
    ...modules.flatMap(({ source }) => source?.commit ?? []),
    ...revisions.map(({ commit }) => commit),
    ...candidates.map(({ id }) => id),
  ];
  return { images: new Set(ids), commits: new Set(commits) };
}

export interface CleanUpParts {
  readonly registry: Pick<Registry, 'list'>;
  readonly runtime: Pick<Runtime, 'listImages' | 'removeImage'>;
  readonly sources: Pick<Sources, 'prune'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Removes what this registrar built or fetched and nothing needs any more. Never rejects. */
export async function cleanUp({
  registry,
  runtime,
  sources,
  clock,
  log,
}: CleanUpParts): Promise<void> {
  try {
    const images = await runtime.listImages();
    for (const { id, references } of superfluous(images, neededIn(registry), clock.now())) {
      // By now it may be needed again: the engine took its time for those before.
      if (neededIn(registry).images.has(id)) continue;
      const isGone = await runtime.removeImage(id);
      if (isGone) log.info({ image: references[0] ?? id }, 'Removed an image that nothing needs');
    }
    await sources.prune(neededIn(registry).commits, SOURCE_CACHE_BYTES);
  } catch (error) {
    log.warn({ err: error }, 'Cannot clean up now: it is tried again later');
  }
}
