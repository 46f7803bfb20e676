import type { NewCondition } from '../../model/conditions.js';

/** A file that could not be used, or only in part. */
export interface FileProblem {
  /** Relative to the config directory. */
  readonly file: string;
  /** `file:line:column: path: message`, one line each. */
  readonly errors: readonly string[];
}

/** The prune brake: modules whose files vanished in a way that looks like an accident. */
export interface HeldPrune {
  readonly reason:
    'DirectoryMissing' | 'DirectoryUnreadable' | 'DirectoryEmpty' | 'TooManyVanished';
  readonly message: string;
  /** Names of the modules that stay until the files return or the prune is confirmed. */
  readonly modules: readonly string[];
}

/** What the config directory says about itself, for the API, the CLI and module conditions. */
export interface ConfigStatus {
  readonly directory: string;
  problems(): readonly FileProblem[];
  held(): HeldPrune | undefined;
  /** A `ConfigStale` condition for a module whose file is missing or broken. */
  notice(module: string): Omit<NewCondition, 'observedGeneration'> | undefined;
  /**
   * Deletes the held modules, of those only `modules` when given; resolves to the names of what was
   * deleted. CONFLICT when nothing is held.
   */
  confirmPrune(modules?: readonly string[]): Promise<readonly string[]>;
}
