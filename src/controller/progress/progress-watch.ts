import type { ObservedContainer } from '../../model/container.js';
import type { ModuleSpec } from '../../model/module.js';
import { keyOf, RunWatch } from './run-watch.js';
import type { Subject, WatchParts } from './run-watch.js';

/** What a container is watched for. */
export type Watched = Pick<ModuleSpec, 'progressCheck' | 'healthCheck'>;

/**
 * Watches whether running containers get on with their work. What was before the watch began does
 * not count, so a daemon that comes back gives every container the whole time again.
 */
export class ProgressWatch {
  readonly #parts: WatchParts;
  /** By module, by id of the container. */
  readonly #modules = new Map<string, ReadonlyMap<string, RunWatch>>();

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** All containers of a module; those that are stuck count as unhealthy. */
  observe(
    module: string,
    containers: readonly ObservedContainer[],
    watchedFor: (container: ObservedContainer) => Watched,
  ): ObservedContainer[] {
    const before = this.#modules.get(module) ?? new Map<string, RunWatch>();
    const watches = new Map<string, RunWatch>();
    for (const container of containers.filter(isRunning)) {
      const { progressCheck: check, healthCheck } = watchedFor(container);
      if (check === undefined) continue;
      const subject = {
        container,
        check,
        startPeriodSeconds: healthCheck?.startPeriodSeconds ?? 0,
      };
      watches.set(container.id, this.#goOn(subject, before.get(container.id)));
    }
    this.#replace(module, watches);
    return containers.map((one) => withVerdict(one, watches.get(one.id)?.stuck));
  }

  /** Stops watching a module's containers. */
  forget(module: string): void {
    this.#replace(module, new Map());
  }

  close(): void {
    for (const module of [...this.#modules.keys()]) this.forget(module);
  }

  /** The watch that there is, unless it is over another run or for something else. */
  #goOn(subject: Subject, before: RunWatch | undefined): RunWatch {
    return before?.key === keyOf(subject) ? before : new RunWatch(subject, this.#parts);
  }

  #replace(module: string, watches: ReadonlyMap<string, RunWatch>): void {
    for (const [id, watch] of this.#modules.get(module) ?? []) {
      if (watches.get(id) !== watch) watch.end();
    }
    if (watches.size === 0) this.#modules.delete(module);
    else this.#modules.set(module, watches);
  }
}

/** One without an address is not on its network yet. */
const isRunning = ({ state, address }: ObservedContainer): boolean =>
  state === 'running' && address !== '';

/** Of one that fails its health check, that is what is told. */
const withVerdict = (container: ObservedContainer, stuck: string | undefined): ObservedContainer =>
  stuck === undefined || container.health === 'unhealthy'
    ? container
    : { ...container, health: 'unhealthy', stuck };
