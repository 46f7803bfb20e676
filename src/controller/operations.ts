import type { Readable } from 'node:stream';
import type { ExecRequest, ExecSession } from '../docker/runtime.js';
import type { FieldChange } from '../lib/field-changes.js';
import type { ModuleManifest } from '../model/module.js';
import type { Usage } from '../model/usage.js';
import type { Run } from './usage-meter.js';

/** What Registrar would do if a manifest were applied now. */
export interface PlanPreview {
  readonly actions: readonly { symbol: '+' | '~' | '-'; text: string; because: string }[];
  readonly changes: readonly FieldChange[];
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

/** What the API asks of the controller beyond reading and writing objects. */
export interface ModuleOperations {
  /** Plans without doing anything. */
  preview(manifest: ModuleManifest): Promise<PlanPreview>;
  /**
   * Log of one run of a slot of a stored module. NOT_FOUND when it has no such container,
   * BAD_REQUEST when no run of it has ended and that is what was asked for.
   */
  logs(module: string, slot: number, request: LogRequest): Promise<Readable>;
  /** Runs a command in the container of a slot; NOT_FOUND, CONTAINER_NOT_RUNNING. */
  exec(module: string, slot: number, request: ExecRequest): Promise<ExecSession>;
  /** What runs of containers use, by container id; those that do not run are not in it. */
  usage(runs: readonly Run[]): Promise<ReadonlyMap<string, Usage>>;
}
