import type { Command, Redirect, ShellWord } from './command.js';
import { baseName, isAssignment, unwrap } from './wrappers.js';

/** Words of the shell after which a command begins. */
const BEFORE_COMMAND: ReadonlySet<string> = new Set([
  ...['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', '}', 'fi', 'done', 'esac'],
]);

export interface CommandParts {
  readonly words: readonly ShellWord[];
  readonly redirects: readonly Redirect[];
  readonly inputs: readonly Command[];
}

/** A command; undefined when there is nothing but words of the shell's own. */
export function makeCommand({ words: all, redirects, inputs }: CommandParts): Command | undefined {
  const named = all.slice(countWhile(all, ({ text }) => BEFORE_COMMAND.has(text)));
  const assigned = countWhile(named, ({ text }) => isAssignment(text));
  const words = named.slice(assigned);
  const first = named[0] ?? redirects[0]?.target;
  if (first === undefined) return undefined;
  const { rest, wrappers } = unwrap(words.map(({ text }) => text));
  const [program = '', ...args] = rest;
  return {
    ...{ line: first.line, words, assignments: named.slice(0, assigned), redirects, inputs },
    ...{ wrappers, program: baseName(program), args },
  };
}

function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const index = items.findIndex((item) => !holds(item));
  return index < 0 ? items.length : index;
}
