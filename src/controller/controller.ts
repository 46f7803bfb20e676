import type { Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { Log } from '../lib/log.js';
import { isRegistrarError, toRegistrarError } from '../model/errors.js';
import type { NewEvent } from '../model/event.js';
import type { Registry } from '../registry/registry.js';
import type { Aside, Notice, ReconcileContext } from './context.js';
import { slotLog } from './logs.js';
import { GpuWatch } from './gpu-watch.js';
import { EngineIdentity } from './engine-identity.js';
import { Observer } from './observer.js';
import type { ModuleOperations } from './operations.js';
import { requeue } from './outcome.js';
import type { Outcome } from './outcome.js';
import { PackageReader } from './package-reader.js';
import { cautionsAbout } from './preflight/foresee.js';
import { preview } from './preview.js';
import { Prober } from './prober.js';
import { eyesWith } from './progress/eye.js';
import type { OpenEye } from './progress/eye.js';
import { ProgressWatch } from './progress/progress-watch.js';
import { every } from '../lib/every.js';
import { Semaphore } from '../lib/semaphore.js';
import { cleanUp, cleanUpByItself, removeVolume } from './clean-up.js';
import { BuildLogs } from './build-logs.js';
import { Jobs } from './jobs.js';
import type { AskGate } from '../source/ask-gate.js';
import type { FetchSignatures } from '../source/image-signatures/image-signatures.js';
import type { Packages } from '../source/package.js';
import type { Sources } from '../source/source.js';
import type { VerifyTree } from './context.js';
import { WorkQueue } from './queue.js';
import { reconcile } from './reconcile.js';
import { Sight } from './sight.js';
import { containerIn } from './slot-container.js';
import { trustChain } from './trust/trust-chain.js';
import { modulesPushed } from './updates/pushed.js';
import { UsageMeter } from './usage-meter.js';

export interface ControllerOptions {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: Sources;
  readonly packages: Packages;
  readonly fetchSignatures: FetchSignatures;
  /** Asks the address of a gate. */
  readonly askGate: AskGate;
  readonly verifyTree: VerifyTree;
  readonly scan: ReconcileContext['scan'];
  readonly disk: ReconcileContext['disk'];
  /** Folder for the logs of builds. */
  readonly buildLogFolder: string;
  /** Version of this Registrar. */
  readonly registrarVersion: string;
  /** Why it cannot be told what must hold of modules, if it cannot. */
  readonly policyProblem?: () => string | undefined;
  /** The config directory's word on a module. */
  readonly notice?: (module: string) => Notice | undefined;
  /** How the progress of containers is looked at. */
  readonly openEye?: OpenEye;
  /** Called after each pass with what it came to and how long it took. */
  readonly measure?: (outcome: Outcome['kind'], milliseconds: number) => void;
}

/** Passes at once. Create and start are mostly waiting for the engine; more only queue up in it. */
const AT_ONCE = 8;
/** The same with those that wait for a container to stop, which delays no other module. */
const WORKERS = 100;

/**
 * Slow work at once, of each sort, so that one sort never waits for another: a fetch takes a line
 * and then a processor, a package a processor, a build processors and the disk, a pull the line and the disk.
 */
const FETCHES = 2;
const PACKINGS = 2;
const BUILDS = 2;
const PULLS = 3;
/** Of candidates, which nobody waits for, one at a time. */
const ASIDE = 1;
/** Looks are short, and mostly waiting for somebody else's server. */
const LOOKS = 8;

/** Each takes as much of the host as its module may. */
const GATES = 2;

/** How often what nothing needs is removed. */
const CLEAN_UP_MS = 60 * 60_000;

const jobsOf = ({ fetches, packings, builds, pulls, signatures }: Aside) => [
  ...[fetches, packings, builds, pulls],
  signatures,
];

/** The reconcile loop: workers that take keys from a queue, and nothing that decides what is due. */
export class Controller {
  readonly observer: Observer;
  readonly queue: WorkQueue;
  readonly #options: ControllerOptions;
  readonly #context: ReconcileContext;
  readonly #meter: UsageMeter;
  readonly #packages: PackageReader;
  #workers: Promise<void>[] = [];
  #cleaning = Promise.resolve();
  #endCleaning = (): void => undefined;
  readonly #sight: Sight;
  readonly #identity: EngineIdentity;

  constructor(options: ControllerOptions) {
    const { registry, runtime, clock, log } = options;
    const enqueue = (module: string): void => this.queue.add(module);
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
    this.#context = {
      ...{ registry, runtime, clock, observer: this.observer },
      permits: new Semaphore(AT_ONCE),
      prober: new Prober(clock, enqueue),
      progress: new ProgressWatch({
        ...{ clock, changed: enqueue, open: options.openEye ?? eyesWith({ runtime, clock }) },
      }),
      gpus: new GpuWatch(runtime, clock, enqueue),
      fetches: new Jobs(FETCHES, clock, enqueue),
      packings: new Jobs(PACKINGS, clock, enqueue),
      builds: new Jobs(BUILDS, clock, enqueue),
      pulls: new Jobs(PULLS, clock, enqueue),
      signatures: new Jobs(LOOKS, clock, enqueue),
      looks: new Jobs(LOOKS, clock, enqueue),
      gates: new Jobs(GATES, clock, enqueue),
      aside: {
        fetches: new Jobs(ASIDE, clock, enqueue),
        packings: new Jobs(ASIDE, clock, enqueue),
        builds: new Jobs(ASIDE, clock, enqueue),
        pulls: new Jobs(ASIDE, clock, enqueue),
        signatures: new Jobs(ASIDE, clock, enqueue),
        lostImages: new Set(),
      },
      hints: new Set(),
      begun: new Map(),
      buildLogs: new BuildLogs(options.buildLogFolder),
      disk: options.disk,
      sources: options.sources,
      packages: options.packages,
      fetchSignatures: options.fetchSignatures,
      askGate: options.askGate,
      verifyTree: options.verifyTree,
      scan: options.scan,
      registrarVersion: options.registrarVersion,
      policyProblem: options.policyProblem ?? (() => undefined),
      lostImages: new Set(),
      reportedOrphans: new Set(),
      unsaved: new Map(),
      seenSince: () => this.#sight.since(),
      notice: options.notice ?? (() => undefined),
      record: (event) => this.#record(event),
    };
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
    this.#endCleaning = every(CLEAN_UP_MS, this.#options.clock, () => {
      this.#cleaning = cleanUpByItself(this.#options);
      return this.#cleaning;
    });
  }

  /** Stops taking work and waits for what is under way to end; containers keep running. */
  async stop(): Promise<void> {
    this.queue.close();
    this.#endCleaning();
    const { aside, looks, gates, buildLogs } = this.#context;
    const jobs = [...[this.#context, aside].flatMap(jobsOf), looks, gates];
    const closed = jobs.map((one) => one.close());
    await Promise.all([...this.#workers, ...closed, this.#cleaning]);
    this.#context.prober.close();
    this.#context.progress.close();
    this.#context.gpus.close();
    buildLogs.close();
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
