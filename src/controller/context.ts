import type { Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { NewCondition } from '../model/conditions.js';
import type { NewEvent } from '../model/event.js';
import type { Registry } from '../registry/registry.js';
import type { SlotHistory } from '../plan/history.js';
import type { Observer } from './observer.js';
import type { Prober } from './prober.js';
import type { Pulls } from './pulls.js';

/** What the config directory has to say about a module, if anything. */
export type Notice = Omit<NewCondition, 'observedGeneration'>;

/** What one reconcile works with. */
export interface ReconcileContext {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly observer: Observer;
  readonly prober: Prober;
  readonly pulls: Pulls;
  readonly clock: Clock;
  /** Modules whose recorded image the engine turned out not to hold. */
  readonly lostImages: Set<string>;
  /** Ids of containers without a module that were reported. */
  readonly reportedOrphans: Set<string>;
  /** What the store could not take of slots yet, by uid of the module. */
  readonly unsaved: Map<string, readonly SlotHistory[]>;
  readonly notice: (module: string) => Notice | undefined;
  /** Records an event; never rejects. */
  readonly record: (event: NewEvent) => void;
}
