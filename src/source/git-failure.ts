/**
 * - `exit`: git ended by itself, and not with success;
 * - `timeout`, `cancelled`: it was ended;
 * - `output`: it was ended because it wrote too much.
 */
export type GitFailureKind = 'exit' | 'timeout' | 'cancelled' | 'output';

/** A run of git that did not come to its end; never shown as it is. */
export class GitFailure extends Error {
  readonly kind: GitFailureKind;
  /** What git wrote to its standard error; the end of it when it is long. Raw. */
  readonly stderr: string;

  constructor(kind: GitFailureKind, stderr = '') {
    super(`git: ${kind}`);
    this.name = 'GitFailure';
    this.kind = kind;
    this.stderr = stderr;
  }
}
