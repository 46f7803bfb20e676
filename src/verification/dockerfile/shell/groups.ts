import type { Command, ShellWord } from './command.js';

const OPENS: ReadonlySet<string> = new Set(['{', 'if', 'for', 'while', 'until', 'case', 'select']);
const CLOSES: ReadonlySet<string> = new Set(['}', 'fi', 'done', 'esac']);
/** Words that others of the shell's own may follow. */
const BETWEEN: ReadonlySet<string> = new Set(['then', 'else', 'elif', 'do', '!']);

/** Commands of a group that count as its output. */
const MAX_COMMANDS = 16;

/** Knows which commands a pipe is given the output of, when it follows a group of them. */
export class Groups {
  readonly #open: number[] = [];
  /** Index of the first command of what ended last. */
  #start = 0;

  /** What ended last began with the command of that index. */
  ended(start: number): void {
    this.#start = start;
  }

  /** Looks at the words of a command for what opens or closes a group. */
  see(words: readonly ShellWord[], index: number): void {
    for (const { text } of words) {
      if (OPENS.has(text)) this.#open.push(index);
      else if (CLOSES.has(text)) this.ended(this.#open.pop() ?? index);
      else if (!BETWEEN.has(text)) return;
    }
  }

  /** The commands of what ended last. */
  last(commands: readonly Command[]): readonly Command[] {
    return commands.slice(Math.max(this.#start, commands.length - MAX_COMMANDS));
  }
}
