import { Semaphore } from '../lib/semaphore.js';
import { BuildLogs } from './build-logs.js';
import type { Aside, ReconcileContext } from './context.js';
import type { ControllerOptions } from './controller-options.js';
import { GpuWatch } from './gpu-watch.js';
import { Jobs } from './jobs.js';
import { Prober } from './prober.js';
import { eyesWith } from './progress/eye.js';
import { ProgressWatch } from './progress/progress-watch.js';

/** Passes at once. Create and start are mostly waiting for the engine; more only queue up in it. */
const AT_ONCE = 8;

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

/** What the loop itself has a part in. */
export type LoopParts = Pick<ReconcileContext, 'observer' | 'seenSince' | 'record'>;

/**
 * A context in which nothing is under way.
 *
 * @param enqueue makes a module due now
 */
export function newContext(
  options: ControllerOptions,
  loop: LoopParts,
  enqueue: (module: string) => void,
): ReconcileContext {
  const { runtime, clock, openEye = eyesWith({ runtime, clock }) } = options;
  return {
    ...partsOf(options),
    ...loop,
    permits: new Semaphore(AT_ONCE),
    prober: new Prober(clock, enqueue),
    progress: new ProgressWatch({ clock, changed: enqueue, open: openEye }),
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
    lostImages: new Set(),
    reportedOrphans: new Set(),
    unsaved: new Map(),
  };
}

/** What is handed in as it is, and nothing else of the options. */
const partsOf = (options: ControllerOptions) => {
  const { registry, runtime, clock, disk, sources, packages, fetchSignatures, askGate } = options;
  const { verifyTree, scan, registrarVersion } = options;
  return {
    ...{ registry, runtime, clock, disk, sources, packages, fetchSignatures, askGate },
    ...{ verifyTree, scan, registrarVersion },
    policyProblem: options.policyProblem ?? (() => undefined),
    notice: options.notice ?? (() => undefined),
  };
};

/** Calls off the work that is under way beside the passes; resolves when all of it has ended. */
export async function closeJobs(context: ReconcileContext): Promise<void> {
  const { aside, looks, gates } = context;
  const jobs = [...[context, aside].flatMap(jobsOf), looks, gates];
  await Promise.all(jobs.map((one) => one.close()));
}

const jobsOf = ({ fetches, packings, builds, pulls, signatures }: Aside) => [
  ...[fetches, packings, builds, pulls],
  signatures,
];
