import type { Runtime } from '../docker/runtime.js';
import type { Log } from '../lib/log.js';
import type { Clock } from '../lib/clock.js';
import type { OwnedImage } from '../model/container.js';
import { printable } from '../lib/printable.js';
import type { CleanUpReport, Surplus } from '../model/clean-up.js';
import { RegistrarError } from '../model/errors.js';
import type { Registry } from '../registry/registry.js';
import type { ReconcileContext } from './context.js';
import type { Packages } from '../source/package.js';
import type { Sources } from '../source/source.js';

/** An image is built before the status of its module says so, and a package before it is published. */
const YOUNGEST_MS = 60 * 60_000;

/** Sources that are kept beside those that a module needs, so that going back is quick. */
const SOURCE_CACHE_BYTES = 4 * 1024 ** 3;

/** Some thousand versions of a few megabytes. */
const PACKAGE_BYTES = 10 * 1024 ** 3;

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
    ({ id, isUsed, createdAt }) =>
      !isUsed && !needed.has(id) && now - Date.parse(createdAt) > YOUNGEST_MS,
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
  readonly registry: Pick<Registry, 'get' | 'list'>;
  readonly runtime: Pick<Runtime, 'listImages' | 'removeImage' | 'listVolumes'>;
  readonly sources: Pick<Sources, 'prune'>;
  readonly packages: Pick<Packages, 'prune'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Removes what this registrar built or fetched and nothing needs any more; in a dry run it only tells
 * what that is. Volumes are never removed, only told. What cannot be looked at now, such as an engine
 * that is away, keeps nothing else from going; it is what this rejects with, afterwards.
 */
export async function cleanUp(parts: CleanUpParts, dryRun = false): Promise<CleanUpReport> {
  const { registry, runtime, log } = parts;
  const removed: Surplus[] = [];
  const note = (surplus: Surplus): void => {
    removed.push(surplus);
    const { kind, name } = surplus;
    if (!dryRun) log.info({ kind, name }, 'Removed what nothing needs');
  };
  const failures: Error[] = [];
  for (const makeRoom of [removeImages, pruneSources, prunePackages]) {
    await makeRoom(parts, dryRun, note).catch((error: Error) => failures.push(error));
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
  const volumes = (await runtime.listVolumes())
    .filter(({ module, isUsed }) => !isUsed && registry.get('Module', module) === undefined)
    .map(({ name }) => name);
  return { removed, volumes };
}

/** As cleanUp; never rejects. */
export async function cleanUpByItself(parts: CleanUpParts): Promise<void> {
  try {
    await cleanUp(parts);
  } catch (error) {
    parts.log.warn({ err: error }, 'Cannot clean up now: it is tried again later');
  }
}

async function removeImages(
  { registry, runtime, clock }: CleanUpParts,
  dryRun: boolean,
  note: (surplus: Surplus) => void,
): Promise<void> {
  const images = superfluous(await runtime.listImages(), neededIn(registry), clock.now());
  for (const { id, references, bytes } of images) {
    // By now it may be needed again: the engine took its time for those before.
    if (neededIn(registry).images.has(id)) continue;
    if (!dryRun && !(await runtime.removeImage(id))) continue;
    const because = 'no module and no revision that is kept needs it';
    note({ kind: 'image', name: references[0] ?? id, bytes, because });
  }
}

async function pruneSources(
  { registry, sources }: CleanUpParts,
  dryRun: boolean,
  note: (surplus: Surplus) => void,
): Promise<void> {
  const pruned = await sources.prune(neededIn(registry).commits, SOURCE_CACHE_BYTES, { dryRun });
  const because = 'the cache of sources takes more than 4 GiB, and it was not used for longest';
  for (const { name, bytes } of pruned) note({ kind: 'source', name, bytes, because });
}

async function prunePackages(
  { registry, packages, clock }: CleanUpParts,
  dryRun: boolean,
  note: (surplus: Surplus) => void,
): Promise<void> {
  const versions = registry.list('ModuleVersion').items;
  const listed = new Set(versions.map(({ object }) => object.spec.packageHash));
  const unusedSince = clock.now() - YOUNGEST_MS;
  const pruned = await packages.prune({ listed, unusedSince, maxBytes: PACKAGE_BYTES, dryRun });
  for (const { hash: name, bytes, isListed } of pruned) {
    const because = isListed
      ? 'packages take more than 10 GiB, and it was not asked for for longest'
      : 'no version that is listed has it';
    note({ kind: 'package', name, bytes, because });
  }
}

/**
 * Removes a volume whose module is gone, with all that is in it; `begin` is called just before.
 * NOT_FOUND for none of this registrar, CONFLICT while a module or a container has it.
 */
export async function removeVolume(
  name: string,
  begin: () => Promise<void>,
  { registry, runtime }: Pick<ReconcileContext, 'registry' | 'runtime'>,
): Promise<void> {
  const volume = (await runtime.listVolumes()).find((one) => one.name === name);
  if (volume === undefined) {
    throw new RegistrarError('NOT_FOUND', `This registrar made no volume "${printable(name)}"`);
  }
  const { module } = volume;
  if (registry.get('Module', module) !== undefined) {
    const message = `Volume "${name}" is of module "${module}": delete the module first`;
    throw new RegistrarError('CONFLICT', message);
  }
  if (volume.isUsed) throw inUse(name);
  await begin();
  if (!(await runtime.removeVolume(name))) throw inUse(name);
}

const inUse = (name: string): RegistrarError =>
  new RegistrarError('CONFLICT', `A container has volume "${name}"; remove that first`);
