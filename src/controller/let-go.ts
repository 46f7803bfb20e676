import type { Module } from '../model/module.js';
import { CONTAINERS_FINALIZER } from '../model/names.js';
import type { ReconcileContext } from './context.js';
import { forgetRecords } from './module-records.js';
import type { Outcome } from './outcome.js';
import { cancelPreparation } from './preparation/prepare.js';
import { orphanEvent } from './report.js';
import { endUpdates } from './updates/wanted.js';

/** A module that does not exist needs nothing; containers that still name it are reported once. */
export async function forgetModule(name: string, context: ReconcileContext): Promise<Outcome> {
  await forgetRecords(name, context.registry);
  cancelPreparation(name, context);
  endUpdates(name, context);
  context.buildLogs.forget(name);
  context.lostImages.delete(name);
  context.progress.forget(name);
  for (const { id, owner, name: container } of context.observer.containersOf(name)) {
    context.prober.forget(id);
    if (context.reportedOrphans.has(id)) continue;
    context.reportedOrphans.add(id);
    context.record(orphanEvent(name, owner.uid, container));
  }
  return { kind: 'converged' };
}

/** The last container is gone: remove what only containers needed, then let the module go. */
export async function finish(module: Module, context: ReconcileContext): Promise<Outcome> {
  const { name, uid } = module.metadata;
  const letGo = ({ metadata, ...rest }: Module): Module => ({
    ...rest,
    metadata: {
      ...metadata,
      finalizers: (metadata.finalizers ?? []).filter((one) => one !== CONTAINERS_FINALIZER),
    },
  });
  // In this order, so that nothing is left of a module that is gone.
  await context.runtime.tidy();
  await forgetRecords(name, context.registry);
  await context.registry.update('Module', name, letGo, { uid });
  context.unsaved.delete(uid);
  return { kind: 'converged' };
}
