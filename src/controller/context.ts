import type { Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { Semaphore } from '../lib/semaphore.js';
import type { NewCondition } from '../model/conditions.js';
import type { NewEvent } from '../model/event.js';
import type { ImageFacts } from '../model/container.js';
import type { CheckResult } from '../model/verification.js';
import type { Registry } from '../registry/registry.js';
import type { SlotHistory } from '../plan/history.js';
import type { Sighting } from '../plan/updates/candidates.js';
import type { GateRun } from '../plan/updates/gate.js';
import type { RolloutMemory } from '../plan/rollout.js';
import type { AskGate } from '../source/ask-gate.js';
import type { Packages } from '../source/package.js';
import type { FetchSignatures } from '../source/image-signatures/image-signatures.js';
import type { Sources } from '../source/source.js';
import type { ImageSignature, ScanReport } from '../verification/subjects.js';
import type { TreeJob } from '../verification/tree-job.js';
import type { Observer } from './observer.js';
import type { GpuWatch } from './gpu-watch.js';
import type { Prober } from './prober.js';
import type { ProgressWatch } from './progress/progress-watch.js';
import type { BuildLogs } from './build-logs.js';
import type { Jobs } from './jobs.js';
import type { Packed } from './preparation/pack-job.js';
import type { VerifiedSource } from './preparation/source-job.js';

/** What the config directory has to say about a module, if anything. */
export type Notice = Omit<NewCondition, 'observedGeneration'>;

/** Runs the checks over the files of a source; ends soon after the signal aborts. */
export type VerifyTree = (job: TreeJob, signal: AbortSignal) => Promise<readonly CheckResult[]>;

/** What of the context a preparation that runs beside that of the module has for itself. */
export type Aside = Pick<
  ReconcileContext,
  'fetches' | 'packings' | 'builds' | 'pulls' | 'signatures' | 'lostImages'
>;

/** How much of the disks is left alone. */
export interface DiskFloor {
  /** Data directory of Registrar. */
  readonly dataDir: string;
  /** Nothing new is made while less is free there, or where the engine keeps its data; 0 for none. */
  readonly floorBytes: number;
}

/** What is remembered of a module between two passes. */
export interface Unsaved {
  readonly histories: readonly SlotHistory[];
  readonly memory: RolloutMemory;
}

/** What one reconcile works with. */
export interface ReconcileContext {
  readonly registry: Registry;
  readonly runtime: Runtime;
  readonly observer: Observer;
  /** Held by the passes that work with the engine. */
  readonly permits: Semaphore;
  readonly prober: Prober;
  readonly progress: ProgressWatch;
  readonly gpus: GpuWatch;
  readonly sources: Sources;
  readonly packages: Packages;
  readonly fetchSignatures: FetchSignatures;
  /** Runs the checks of a tree apart from this thread. */
  readonly verifyTree: VerifyTree;
  /** What an installed scanner knows of the dependencies; undefined when none is installed. */
  readonly scan: (archive: string, signal: AbortSignal) => Promise<ScanReport | undefined>;
  readonly fetches: Jobs<VerifiedSource>;
  readonly packings: Jobs<Packed>;
  readonly builds: Jobs<ImageFacts>;
  readonly pulls: Jobs<ImageFacts>;
  /** Fetches the signatures of images, where a policy wants them looked at. */
  readonly signatures: Jobs<readonly ImageSignature[]>;
  /** What modules take up in a pass that is not stored yet: commits and digests by module. */
  readonly begun: Map<string, string>;
  /** Gates of candidates that are under way. */
  readonly gates: Jobs<GateRun>;
  readonly askGate: AskGate;
  /** Asks what is followed where it is now. */
  readonly looks: Jobs<Sighting>;
  /** Where candidates of what is followed are prepared, so that this delays no module of a person. */
  readonly aside: Aside;
  /** Modules that are to look now, whatever their interval. */
  readonly hints: Set<string>;
  readonly buildLogs: BuildLogs;
  /** Version of this Registrar. */
  readonly registrarVersion: string;
  /** Why it cannot be told what must hold of modules, if it cannot: then nothing new may run. */
  readonly policyProblem: () => string | undefined;
  readonly clock: Clock;
  readonly disk: DiskFloor;
  /** Modules whose recorded image the engine turned out not to hold. */
  readonly lostImages: Set<string>;
  /** Ids of containers without a module that were reported. */
  readonly reportedOrphans: Set<string>;
  /** What the store could not take of slots and rollouts yet, by uid of the module. */
  readonly unsaved: Map<string, Unsaved>;
  /** Since when the engine can be seen, in milliseconds since 1970. */
  readonly seenSince: () => number;
  readonly notice: (module: string) => Notice | undefined;
  /** Records an event; never rejects. */
  readonly record: (event: NewEvent) => void;
}
