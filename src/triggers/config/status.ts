import type { NewCondition } from '../../model/conditions.js';
import type { ObjectKey } from '../../model/kinds.js';

/** A file that could not be used, or only in part. */
export interface FileProblem {
  /** Relative to the config directory. */
  readonly file: string;
  /** `file:line:column: path: message`, one line each. */
  readonly errors: readonly string[];
}

/** The prune brake: objects whose files vanished in a way that looks like an accident. */
export interface HeldPrune {
  readonly reason:
    'DirectoryMissing' | 'DirectoryUnreadable' | 'DirectoryEmpty' | 'TooManyVanished';
  readonly message: string;
  /** What stays until the files return or the prune is confirmed. */
  readonly objects: readonly ObjectKey[];
}

/** What the config directory says about itself, for the API, the CLI and module conditions. */
export interface ConfigStatus {
  readonly directory: string;
  problems(): readonly FileProblem[];
  held(): HeldPrune | undefined;
  /**
   * A sentence while it is not known what the policies of the directory are, because a policy that
   * never was good may be among them (see policyProblemOf); undefined otherwise.
   */
  policyProblem(): string | undefined;
  /** A `ConfigStale` condition for a module whose file is missing or broken. */
  notice(module: string): Omit<NewCondition, 'observedGeneration'> | undefined;
  /**
   * Deletes what is held, of that only `objects` when given; resolves to what was deleted. CONFLICT
   * when nothing is held.
   */
  confirmPrune(objects?: readonly ObjectKey[]): Promise<readonly ObjectKey[]>;
}
