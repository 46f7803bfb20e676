import { RegistrarError } from '../model/errors.js';
import type { ReconcileContext } from './context.js';

/** Id of the container in a slot of a module, as last seen; NOT_FOUND when there is none. */
export function containerIn(
  module: string,
  slot: number,
  context: Pick<ReconcileContext, 'registry' | 'observer'>,
): string {
  if (context.registry.get('Module', module) === undefined) {
    const message = `modules.registrar.synapsis.network "${module}" not found`;
    throw new RegistrarError('NOT_FOUND', message, { name: module, kind: 'Module' });
  }
  const containers = context.observer.containersOf(module);
  const container = containers.find((one) => one.owner.slot === slot);
  if (container !== undefined) return container.id;
  const message = `Module "${module}" has no container in slot ${slot}; it has ${containers.length}`;
  throw new RegistrarError('NOT_FOUND', message, { name: module, kind: 'Module' });
}
