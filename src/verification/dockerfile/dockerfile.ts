import type { Directive, Escape } from './directives.js';
import type { Heredoc } from './heredoc.js';
import type { JoinedText } from './joined-text.js';
import type { Word } from './raw-words.js';
import type { Command } from './shell/command.js';

/** `--name=value` before the arguments of an instruction. */
export interface Flag {
  readonly name: string;
  /** Empty when there is none. */
  readonly value: string;
  readonly line: number;
}

/** What ENV, LABEL or ARG sets. */
export interface Pair {
  readonly name: string;
  /** Undefined for an ARG without a default. */
  readonly value: string | undefined;
  readonly line: number;
}

export interface Instruction {
  /** In capitals, whether there is such an instruction or not. */
  readonly keyword: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** Index of the stage that it is in; undefined before the first. */
  readonly stage: number | undefined;
  /** Whether it is what an ONBUILD holds, which comes right before it. */
  readonly isTrigger: boolean;
  readonly flags: readonly Flag[];
  /** What follows the flags. */
  readonly source: JoinedText;
  /** Its words, without quotes and escapes. */
  readonly words: readonly Word[];
  /** The texts of the JSON form, undefined in the other form. */
  readonly json: readonly string[] | undefined;
  /** Empty but for ENV, LABEL and ARG. */
  readonly pairs: readonly Pair[];
  readonly heredocs: readonly Heredoc[];
  /** What RUN, CMD, ENTRYPOINT and HEALTHCHECK run, in order, with what is nested in it. */
  readonly commands: readonly Command[];
}

/** What begins with a FROM. */
export interface Stage {
  readonly index: number;
  readonly line: number;
  /** In small letters. */
  readonly name: string | undefined;
  /** As written, and with the defaults of the global arguments put in. */
  readonly base: {
    readonly written: string;
    readonly image: string;
    /** An argument without a default that it depends on. */
    readonly open: string | undefined;
    /** Index of the earlier stage that it is. */
    readonly stage: number | undefined;
  };
  /** As written. */
  readonly platform: string | undefined;
}

/** A Dockerfile as the checks see it. */
export interface Dockerfile {
  /** Path in the tree. */
  readonly path: string;
  readonly text: string;
  /** Why it cannot be judged; then there is nothing in it. */
  readonly unreadable: string | undefined;
  readonly directives: readonly Directive[];
  readonly escape: Escape;
  readonly stages: readonly Stage[];
  readonly instructions: readonly Instruction[];
}
