/** A word of a command, without its quotes. */
export interface ShellWord {
  readonly text: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** What is run to make it, as in `$(…)` and `<(…)`. */
  readonly nested: readonly Command[];
}

export interface Redirect {
  /** Such as `>` or `<<<`. */
  readonly operator: string;
  readonly target: ShellWord;
}

/** One command of a script, as far as it can be told without being a shell. */
export interface Command {
  readonly line: number;
  /** Without the variables before and the redirections after it; may be empty. */
  readonly words: readonly ShellWord[];
  /** `NAME=value` before it. */
  readonly assignments: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
  /** Those whose output it is given: one, or the last of a group. */
  readonly inputs: readonly Command[];
  /** What runs it, such as sudo or env; outermost first. */
  readonly wrappers: readonly string[];
  /** Name of what is run, without its folder; empty when there is none. */
  readonly program: string;
  /** What it is given. */
  readonly args: readonly string[];
}
