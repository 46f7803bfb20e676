import type { Readable } from 'node:stream';
import type { LogOptions } from '../docker/runtime.js';
import type { FieldChange } from '../lib/field-changes.js';
import type { ModuleManifest } from '../model/module.js';

/** What Registrar would do if a manifest were applied now. */
export interface PlanPreview {
  readonly actions: readonly { symbol: '+' | '~' | '-'; text: string; because: string }[];
  readonly changes: readonly FieldChange[];
}

/** What the API asks of the controller beyond reading and writing objects. */
export interface ModuleOperations {
  /** Plans without doing anything. */
  preview(manifest: ModuleManifest): Promise<PlanPreview>;
  /** Log of one slot of a stored module; NOT_FOUND when it has no such container. */
  logs(module: string, slot: number, options: LogOptions): Promise<Readable>;
}
