import { findCondition } from './conditions.js';
import type { Module, ModuleSpec } from './module.js';
import { versionOf } from './updates-memory.js';
import { fitOf } from './version-range.js';

/** What a module says it needs: another module, in a range of versions or any. */
export type Dependency = ModuleSpec['dependsOn'][number];

/** A dependency that cannot be used now, and why. */
export interface Unmet {
  readonly name: string;
  /** Follows `module "x": ` */
  readonly why: string;
}

/** Names of the modules that one needs. */
export const needsOf = (module: Pick<Module, 'spec'> | undefined): string[] =>
  module?.spec.dependsOn.map(({ name }) => name) ?? [];

/** Why no module that fits is there; `version` is that of the module, undefined when there is none. */
export function absence({ version: range }: Dependency, version?: string): string | undefined {
  if (version === undefined) return 'it does not exist';
  const fit = range === undefined ? 'inside' : fitOf(version, range);
  if (fit === 'inside') return undefined;
  // A range may be written on several lines.
  const shown = range?.replace(/\s+/g, ' ');
  if (fit === 'unclear') return `"${shown}" is no range of versions such as ^2.1`;
  return `its version ${version} is not in "${shown}"`;
}

/** Why a dependency cannot be used now; undefined when it is there, fits and is ready. */
export function whyUnmet(dependency: Dependency, module: Module | undefined): string | undefined {
  const version = module && versionOf(module);
  return absence(dependency, version) ?? (module && unreadiness(module));
}

/** What of a module's dependencies cannot be used now, in the order of its spec. */
export function unmetOf(
  { dependsOn }: Pick<ModuleSpec, 'dependsOn'>,
  find: (name: string) => Module | undefined,
): Unmet[] {
  return dependsOn.flatMap((dependency) => {
    const why = whyUnmet(dependency, find(dependency.name));
    return why === undefined ? [] : [{ name: dependency.name, why }];
  });
}

/**
 * Why a module cannot be used by others; undefined when it can. What is being changed is not ready
 * before the change is through: what was ready was another version of it.
 */
export function unreadiness({ metadata, spec, status }: Module): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (spec.suspend) return 'it is suspended';
  if (spec.replicas === 0) return 'it is scaled to 0';
  const ready = findCondition(status.conditions, 'Ready');
  const isCurrent = ready?.observedGeneration === metadata.generation;
  return ready?.status === 'True' && isCurrent ? undefined : 'it is not ready';
}

/** Most dependencies that a message names. */
const MAX_TOLD = 5;

/** `module "chain": it does not exist; module "db": it is not ready` */
export function describeUnmet(unmet: readonly Unmet[]): string {
  const told = unmet.slice(0, MAX_TOLD).map(({ name, why }) => `module "${name}": ${why}`);
  const more = unmet.length - told.length;
  return [...told, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** Modules that name one among those that they need, whatever becomes of them; sorted by name. */
export function dependentsOf(name: string, modules: Iterable<Module>): Module[] {
  return [...modules]
    .filter((module) => needsOf(module).includes(name))
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
