import type { Module } from '../model/module.js';
import type { Change, Registry } from '../registry/registry.js';

/**
 * Calls `changed` with every module of which something changed that the controller acts on; its own
 * status writes wake nobody. Returns the function that ends it.
 */
export function followStore(registry: Registry, changed: (modules: string[]) => void): () => void {
  return registry.watch('Module', registry.resourceVersion, (change) => {
    if (isForController(change)) changed([change.name]);
  });
}

function isForController({ type, stored, previous }: Change<'Module'>): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  return inputs(stored.object) !== inputs(previous.object);
}

/** What a reconcile depends on, besides the status it wrote itself. */
function inputs({ metadata, spec }: Module): string {
  const { generation, annotations, deletionTimestamp, finalizers } = metadata;
  return JSON.stringify([generation, annotations, deletionTimestamp, finalizers, spec]);
}
