import type { Module } from '../../model/module.js';
import { versionOf } from '../../model/updates-memory.js';
import { realPathsOf } from '../../verification/real-paths.js';
import type { ManifestSubject } from '../../verification/subjects.js';
import type { ReconcileContext } from '../context.js';

/** What checks of a manifest look at, as it is now. */
export async function manifestSubject(
  module: Module,
  {
    registry,
    registrarVersion,
    clock,
  }: Pick<ReconcileContext, 'registry' | 'registrarVersion' | 'clock'>,
): Promise<ManifestSubject> {
  return {
    ...{ manifest: module, registrarVersion, now: clock.now() },
    modules: versionsNeeded(module, registry),
    realPaths: await realPathsOf(module),
  };
}

/** Versions of the modules that it depends on and that are there: every pass asks. */
function versionsNeeded(
  { spec }: Module,
  registry: ReconcileContext['registry'],
): Map<string, string> {
  const found = spec.dependsOn.map(({ name }) => [name, registry.get('Module', name)] as const);
  return new Map(found.flatMap(([name, one]) => (one ? [[name, versionOf(one.object)]] : [])));
}
