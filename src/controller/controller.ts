import { every } from '../lib/every.js';
import { isRegistrarError, toRegistrarError } from '../model/errors.js';
import type { NewEvent } from '../model/event.js';
import { cleanUp, cleanUpByItself, removeVolume } from './clean-up.js';
import type { ReconcileContext } from './context.js';
import type { ControllerOptions } from './controller-options.js';
import { EngineIdentity } from './engine-identity.js';
import { slotLog } from './logs.js';
import { closeJobs, newContext } from './new-context.js';
import { Observer } from './observer.js';
import type { ModuleOperations } from './operations.js';
import { requeue } from './outcome.js';
import type { Outcome } from './outcome.js';
import { PackageReader } from './package-reader.js';
import { cautionsAbout } from './preflight/foresee.js';
import { preview } from './preview.js';
import { WorkQueue } from './queue.js';
import { reconcile } from './reconcile.js';
import { Sight } from './sight.js';
import { containerIn } from './slot-container.js';
import { trustChain } from './trust/trust-chain.js';
import { modulesPushed } from './updates/pushed.js';
import { UsageMeter } from './usage-meter.js';

/** More than have permits at once: those that wait for a container to stop delay no other module. */
const WORKERS = 100;

/** How often what nothing needs is removed. */
const CLEAN_UP_MS = 60 * 60_000;

/** The reconcile loop: workers that take keys from a queue, and nothing that decides what is due. */
export class Controller {
  readonly observer: Observer;
  readonly queue: WorkQueue;
  readonly #options: ControllerOptions;
  readonly #context: ReconcileContext;
  readonly #meter: UsageMeter;
  readonly #packages: PackageReader;
  #workers: Promise<void>[] = [];
  #endCleaning = (): Promise<void> => Promise.resolve();
  readonly #sight: Sight;
  readonly #identity: EngineIdentity;

  constructor(options: ControllerOptions) {
    const { registry, runtime, clock, log } = options;
    this.#options = options;
    this.queue = new WorkQueue(clock);
    this.#sight = new Sight(clock);
    this.#meter = new UsageMeter(runtime, clock);
    this.#packages = new PackageReader(options);
    this.#identity = new EngineIdentity({ registry, runtime, log });
    this.observer = new Observer({
      ...{ runtime, log, identity: this.#identity },
      told: { engineChanged: () => this.#engineChanged(), missed: () => this.#sight.begin() },
    });
    this.#context = newContext(
      options,
      {
        observer: this.observer,
        seenSince: () => this.#sight.since(),
        record: (event) => this.#record(event),
      },
      (module) => this.queue.add(module),
    );
  }

  get operations(): ModuleOperations {
    const context = this.#context;
    return {
      preview: (manifest) => preview(manifest, context),
      cautions: (module, isStored) => cautionsAbout(module, isStored, context),
      logs: (module, place, request) => slotLog(module, place, request, context),
      exec: async (module, place, request) =>
        context.runtime.exec(containerIn(module, place, context), request),
      pushed: (repositories, isSigned) => {
        const modules = modulesPushed(repositories, isSigned, context);
        this.enqueue(modules);
        return modules.length > 0;
      },
      usage: (runs) => this.#meter.of(runs),
      cleanUp: (dryRun) => cleanUp(this.#options, dryRun),
      removeVolume: (name, begin) => removeVolume(name, begin, context),
      acceptEngine: async (audit) => {
        const engineId = await this.#identity.accept(audit);
        await this.observer.refresh(true);
        return engineId;
      },
      trust: (module) => trustChain(module, context),
      openPackage: (version) => this.#packages.open(version),
      buildLog: (module, follow) => context.buildLogs.read(module, follow),
    };
  }

  /** Makes modules due now; `all` also those that only containers know of. */
  enqueue(modules: Iterable<string> | 'all'): void {
    const all = modules === 'all' ? this.#all() : modules;
    for (const module of all) this.queue.add(module);
  }

  start(): void {
    this.#workers = Array.from({ length: WORKERS }, () => this.#work());
    const { clock } = this.#options;
    this.#endCleaning = every(CLEAN_UP_MS, clock, () => cleanUpByItself(this.#options));
  }

  /** Stops taking work and waits for what is under way to end; containers keep running. */
  async stop(): Promise<void> {
    this.queue.close();
    await Promise.all([...this.#workers, closeJobs(this.#context), this.#endCleaning()]);
    const { prober, progress, gpus, buildLogs } = this.#context;
    for (const one of [prober, progress, gpus, buildLogs]) one.close();
  }

  #engineChanged(): void {
    if (this.observer.engine.kind === 'seen') {
      this.#sight.begin();
      this.#removeLeftGates();
    }
    this.enqueue('all');
  }

  /** A daemon that was killed left them, or an engine that was away while they were to go. */
  #removeLeftGates(): void {
    const { runtime, log } = this.#options;
    runtime.removeLeftGates().catch((error: unknown) => {
      log.warn({ err: error }, 'Cannot remove what is left of gates: it is tried again later');
    });
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
      const outcome = await this.#context.permits.use(() => this.#pass(module));
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
