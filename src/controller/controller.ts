import type { Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { isRegistrarError, toRegistrarError } from '../model/errors.js';
import type { NewEvent } from '../model/event.js';
import type { Registry } from '../registry/registry.js';
import type { Notice, ReconcileContext } from './context.js';
import { slotLog } from './logs.js';
import { Observer } from './observer.js';
import type { ModuleOperations } from './operations.js';
import { requeue } from './outcome.js';
import type { Outcome } from './outcome.js';
import { preview } from './preview.js';
import { Prober } from './prober.js';
import { Pulls } from './pulls.js';
import { WorkQueue } from './queue.js';
import { reconcile } from './reconcile.js';
import { containerIn } from './slot-container.js';
import { UsageMeter } from './usage-meter.js';

export interface ControllerOptions {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
  /** The config directory's word on a module. */
  readonly notice?: (module: string) => Notice | undefined;
  /** Called after each pass with what it came to and how long it took. */
  readonly measure?: (outcome: Outcome['kind'], milliseconds: number) => void;
}

/** Passes at once. Create and start are mostly waiting for the engine; more only queue up in it. */
const WORKERS = 8;

/** The reconcile loop: workers that take keys from a queue, and nothing that decides what is due. */
export class Controller {
  readonly observer: Observer;
  readonly queue: WorkQueue;
  readonly #options: ControllerOptions;
  readonly #context: ReconcileContext;
  readonly #meter: UsageMeter;
  #workers: Promise<void>[] = [];

  constructor(options: ControllerOptions) {
    const { registry, runtime, clock, log } = options;
    const enqueue = (module: string): void => this.queue.add(module);
    this.#options = options;
    this.queue = new WorkQueue(clock);
    this.#meter = new UsageMeter(runtime, clock);
    this.observer = new Observer(runtime, log, () => this.enqueue('all'));
    this.#context = {
      ...{ registry, runtime, clock, observer: this.observer },
      prober: new Prober(clock, enqueue),
      pulls: new Pulls(runtime, enqueue),
      lostImages: new Set(),
      reportedOrphans: new Set(),
      unsaved: new Map(),
      notice: options.notice ?? (() => undefined),
      record: (event) => this.#record(event),
    };
  }

  get operations(): ModuleOperations {
    const context = this.#context;
    return {
      preview: (manifest) => preview(manifest, context),
      logs: (module, slot, request) => slotLog(module, slot, request, context),
      exec: async (module, slot, request) =>
        context.runtime.exec(containerIn(module, slot, context), request),
      usage: (runs) => this.#meter.of(runs),
    };
  }

  /** Makes modules due now; `all` also those that only containers know of. */
  enqueue(modules: Iterable<string> | 'all'): void {
    const all = modules === 'all' ? this.#all() : modules;
    for (const module of all) this.queue.add(module);
  }

  start(): void {
    this.#workers = Array.from({ length: WORKERS }, () => this.#work());
  }

  /** Stops taking work and waits for the passes under way; containers keep running. */
  async stop(): Promise<void> {
    this.queue.close();
    this.#context.pulls.close();
    await Promise.all(this.#workers);
    this.#context.prober.close();
  }

  #all(): Set<string> {
    const stored = this.#options.registry.list('Module').items;
    return new Set([
      ...stored.map(({ object }) => object.metadata.name),
      ...this.observer.modules(),
    ]);
  }

  async #work(): Promise<void> {
    for (;;) {
      const module = await this.queue.take();
      if (module === undefined) return;
      const outcome = await this.#pass(module);
      requeue(this.queue, module, outcome);
      this.queue.done(module);
    }
  }

  /** One pass; whatever goes wrong in it stays with this module. */
  async #pass(module: string): Promise<Outcome> {
    const { clock, log, measure } = this.#options;
    const began = clock.monotonic();
    const outcome = await this.#reconcile(module);
    const milliseconds = clock.monotonic() - began;
    measure?.(outcome.kind, milliseconds);
    log.debug({ module, outcome: outcome.kind, milliseconds }, 'Reconciled');
    return outcome;
  }

  async #reconcile(module: string): Promise<Outcome> {
    try {
      return await reconcile(module, this.#context);
    } catch (thrown) {
      const error = toRegistrarError(thrown);
      // Deleted or re-created meanwhile: the change itself makes the key due again.
      if (isRegistrarError(error, 'NOT_FOUND', 'CONFLICT')) return { kind: 'converged' };
      this.#options.log.error({ module, err: error }, 'Reconcile failed');
      return { kind: 'failed', error };
    }
  }

  #record(event: NewEvent): void {
    this.#options.registry.recordEvent(event).catch((error: unknown) => {
      this.#options.log.warn({ err: error, reason: event.reason }, 'Cannot record an event');
    });
  }
}
