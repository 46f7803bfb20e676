import { owningSet } from '../model/owner.js';
import type { Change, Registry } from '../registry/registry.js';

/**
 * Calls `changed` with every set of which something changed that its controller acts on: the set, a
 * module of it, or a module that has a name which the set may want. Returns the function that ends it.
 */
export function followSets(registry: Registry, changed: (sets: string[]) => void): () => void {
  const since = registry.resourceVersion;
  const ends = [
    registry.watch('ModuleSet', since, (change) => {
      if (isForController(change)) changed([change.name]);
    }),
    registry.watch('Module', since, ({ type, name, stored }) => {
      const set = owningSet(stored.object.metadata);
      if (set !== undefined) changed([set]);
      if (type !== 'MODIFIED') changed(setsThatMayWant(name, registry));
    }),
  ];
  return () => ends.forEach((end) => end());
}

/** Its own writes of a status wake nobody. */
const isForController = ({ type, stored, previous }: Change<'ModuleSet'>): boolean =>
  type !== 'MODIFIED' ||
  previous === undefined ||
  stored.object.metadata.generation !== previous.object.metadata.generation;

const setsThatMayWant = (module: string, registry: Registry): string[] =>
  registry
    .list('ModuleSet')
    .items.map(({ object }) => object.metadata.name)
    .filter((set) => module.startsWith(`${set}-`));
