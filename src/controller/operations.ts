import type { Readable } from 'node:stream';
import type { ExecRequest, ExecSession } from '../docker/runtime.js';
import type { ModuleVersion } from '../kinds/module-version/schema.js';
import type { FieldChange } from '../lib/field-changes.js';
import type { AuditEntry } from '../model/audit.js';
import type { CleanUpReport } from '../model/clean-up.js';
import type { Module, ModuleManifest } from '../model/module.js';
import type { TrustChain } from '../model/trust.js';
import type { Usage } from '../model/usage.js';
import type { Swap } from '../plan/desired.js';
import type { Run } from './usage-meter.js';

/** What Registrar would do if a manifest were applied now. */
export interface PlanPreview {
  readonly actions: readonly { symbol: '+' | '~' | '-'; text: string; because: string }[];
  readonly changes: readonly FieldChange[];
  /** Whether new containers start before the old ones stop, when some are replaced. */
  readonly strategy?: Pick<Swap, 'order' | 'because'>;
  /** What is well for now but may not stay so, and what could not be looked at. */
  readonly cautions?: readonly string[];
}

/** Which part of the log of a slot. */
export interface LogRequest {
  readonly follow: boolean;
  /** The last run that has ended instead of the present one, which is the last if none runs. */
  readonly previous?: boolean;
  /** Only the last lines; all when undefined. */
  readonly tail?: number;
  /** Only lines younger than this many seconds. */
  readonly sinceSeconds?: number;
  /** Only lines written at this time or later, in milliseconds since 1970. */
  readonly sinceTime?: number;
  readonly timestamps?: boolean;
}

/** Which container of a module; of the newest revision in the slot when none is said. */
export interface Place {
  readonly slot: number;
  readonly revision?: string | undefined;
}

/** What the API asks of the controller beyond reading and writing objects. */
export interface ModuleOperations {
  /** Plans without doing anything. */
  preview(manifest: ModuleManifest): Promise<PlanPreview>;
  /**
   * What a module that was written has to wait for, as far as it can be told: what others asked for
   * first, and for one that was not stored what the host lacks. Never rejects.
   */
  cautions(module: Module, isStored: boolean): Promise<readonly string[]>;
  /**
   * Log of one run of a slot of a stored module. NOT_FOUND when it has no such container,
   * BAD_REQUEST when no run of it has ended and that is what was asked for.
   */
  logs(module: string, place: Place, request: LogRequest): Promise<Readable>;
  /** From the repository of a module to its containers: each link, and whether it holds now. */
  trust(module: Module): Promise<TrustChain>;
  /**
   * The bytes of the package of a version. PACKAGE_GONE when they are not on this machine any more,
   * PACKAGE_UNAVAILABLE when the disk refuses.
   */
  openPackage(version: ModuleVersion): Promise<Readable>;
  /** What the last build of a module printed; NOT_FOUND when none was built here. */
  buildLog(module: string, follow: boolean): Readable;
  /** Runs a command in the container of a slot; NOT_FOUND, CONTAINER_NOT_RUNNING. */
  exec(module: string, place: Place, request: ExecRequest): Promise<ExecSession>;
  /**
   * Makes modules look now that follow one of these repositories and whose key signed a push.
   * Returns whether there are any.
   */
  pushed(repositories: readonly string[], isSigned: (key: Buffer) => boolean): boolean;
  /** Removes what nothing needs; in a dry run it only tells what that is. */
  cleanUp(dryRun: boolean): Promise<CleanUpReport>;
  /**
   * Removes a volume whose module is gone; `begin` is called once nothing is in the way. NOT_FOUND for
   * none of this registrar, CONFLICT while a module or a container has it.
   */
  removeVolume(name: string, begin: () => Promise<void>): Promise<void>;
  /**
   * Takes the engine that answers now for the one that modules run on from now on; returns its id.
   * ENGINE_UNAVAILABLE when none answers.
   */
  acceptEngine(audit: AuditEntry): Promise<string>;
  /** What runs of containers use, by container id; those that do not run are not in it. */
  usage(runs: readonly Run[]): Promise<ReadonlyMap<string, Usage>>;
}
