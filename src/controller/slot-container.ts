import { RegistrarError } from '../model/errors.js';
import type { ReconcileContext } from './context.js';
import type { Place } from './operations.js';

/** Id of the container in a slot of a module, as last seen; NOT_FOUND when there is none. */
export function containerIn(
  module: string,
  { slot, revision }: Place,
  context: Pick<ReconcileContext, 'registry' | 'observer'>,
): string {
  const stored = context.registry.get('Module', module);
  if (stored === undefined) {
    const message = `modules.registrar.synapsis.network "${module}" not found`;
    throw new RegistrarError('NOT_FOUND', message, { name: module, kind: 'Module' });
  }
  const containers = context.observer.containersOf(module);
  const newest = stored.object.status.containers.find((one) => one.slot === slot)?.revision;
  const inSlot = containers.filter(({ owner }) => owner.slot === slot);
  const wanted = revision ?? newest;
  const container = inSlot.find(({ owner }) => owner.revision === wanted) ?? inSlot[0];
  if (container !== undefined) return container.id;
  const message = `Module "${module}" has no container in slot ${slot}; it has ${containers.length}`;
  throw new RegistrarError('NOT_FOUND', message, { name: module, kind: 'Module' });
}
