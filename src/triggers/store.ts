import type { ModuleVersion } from '../kinds/module-version/schema.js';
import type { Module } from '../model/module.js';
import { secretsUsedBy } from '../model/secret.js';
import type { Change, Registry } from '../registry/registry.js';
import { concernedBy } from './dependencies.js';

/**
 * Calls `changed` with every module of which something changed that the controller acts on; its own
 * status writes wake nobody. A policy may concern any module: a pass finds out which cost nothing.
 * What is said of a version concerns its module, its downloads do not. A Secret concerns those that
 * use it; a module those that depend on it, and those that it depends on.
 * Returns the function that ends it.
 */
export function followStore(
  registry: Registry,
  changed: (modules: string[] | 'all') => void,
): () => void {
  const since = registry.resourceVersion;
  const ends = [
    registry.watch('Module', since, (change) => {
      if (isForController(change)) changed([change.name]);
      const others = concernedBy(change, registry);
      if (others.length > 0) changed(others);
    }),
    registry.watch('Policy', since, () => changed('all')),
    registry.watch('ModuleVersion', since, (change) => {
      if (isSaid(change)) changed([change.stored.object.spec.module]);
    }),
    registry.watch('Secret', since, ({ name }) => changed(usersOf(name, registry))),
  ];
  return () => ends.forEach((end) => end());
}

const usersOf = (secret: string, registry: Registry): string[] =>
  registry
    .list('Module')
    .items.filter(({ object }) => secretsUsedBy(object.spec).has(secret))
    .map(({ object }) => object.metadata.name);

function isForController({ type, stored, previous }: Change<'Module'>): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  return inputs(stored.object) !== inputs(previous.object);
}

/** What a reconcile depends on, besides the status it wrote itself. */
function inputs({ metadata, spec }: Module): string {
  const { generation, labels, annotations, deletionTimestamp, finalizers } = metadata;
  return JSON.stringify([generation, labels, annotations, deletionTimestamp, finalizers, spec]);
}

const isSaid = ({ stored, previous }: Change<'ModuleVersion'>): boolean =>
  previous !== undefined && sayings(stored.object) !== sayings(previous.object);

const sayings = ({ status: { yanked, deprecated } }: ModuleVersion): string =>
  JSON.stringify([yanked, deprecated]);
