import type { ModuleVersion } from '../kinds/module-version/schema.js';

/** A module as it is found by its versions. */
export interface FoundModule {
  /** The one that was published last and not yanked. */
  readonly newest: ModuleVersion;
  /** Of all versions that were found. */
  readonly downloads: number;
}

/** The modules of versions that are sorted with the newest first, by name; none of which all were yanked. */
export function newestOf(versions: readonly ModuleVersion[]): FoundModule[] {
  const found = new Map<string, FoundModule>();
  const usable = versions.filter(({ status }) => status.yanked === undefined);
  for (const newest of usable) {
    const { module } = newest.spec;
    if (!found.has(module)) found.set(module, { newest, downloads: downloadsOf(module, versions) });
  }
  return [...found.values()].toSorted((a, b) =>
    a.newest.spec.module < b.newest.spec.module ? -1 : 1,
  );
}

const downloadsOf = (module: string, versions: readonly ModuleVersion[]): number =>
  versions
    .filter(({ spec }) => spec.module === module)
    .reduce((sum, { status }) => sum + status.downloads, 0);
