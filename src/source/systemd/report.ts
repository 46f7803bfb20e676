import type { Clock } from '../../lib/clock.js';
import { every } from '../../lib/every.js';
import type { ServiceManager } from './service-manager.js';

export interface Report {
  readonly manager: ServiceManager;
  readonly clock: Clock;
  /** One line for people, asked for each time. */
  readonly status: () => string;
  /** Whether this process gets on with its work; asked once a turn. */
  readonly isAlive: () => boolean;
}

/** As sd_watchdog_enabled(3) advises at least half; a third leaves room for a slow turn. */
const TURNS_A_LIMIT = 3;
/** How old the line for people may be where nothing else asks for a turn. */
const STATUS_MS = 30_000;

/**
 * Tells the service manager that this process serves, and from then on that it lives, as long as it
 * does: the turns come from the event loop, so that they end when it hangs. Resolves once that is
 * told; the returned function says that this process ends.
 */
export async function reportTo(report: Report): Promise<() => Promise<void>> {
  const { manager, clock, status, isAlive } = report;
  await manager.tell({ kind: 'ready', status: status() });
  const pauseMs = manager.watchdogMs === undefined ? STATUS_MS : manager.watchdogMs / TURNS_A_LIMIT;
  const end = every(pauseMs, clock, () => {
    if (isAlive()) return manager.tell({ kind: 'alive', status: status() });
  });
  return async () => {
    await end();
    await manager.tell({ kind: 'stopping', status: 'Stopping; containers go on' });
  };
}
