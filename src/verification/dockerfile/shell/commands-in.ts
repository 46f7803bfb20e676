import { JoinedText } from '../joined-text.js';
import type { Command, ShellWord } from './command.js';
import { makeCommand } from './make-command.js';
import { ScriptReader } from './script-reader.js';

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'fish']);

/** Scripts inside scripts inside scripts that are read. */
const MAX_DEPTH = 3;

/** Whether a command is a shell, which runs what it is given. */
export const isShell = ({ program }: Pick<Command, 'program'>): boolean => SHELLS.has(program);

/** The commands of a script, with those of scripts that it gives to a shell. */
export function commandsIn(source: JoinedText, depth = 0): Command[] {
  return withScripts(new ScriptReader(source).read(), depth);
}

/** The command that a list of words is, with those of a script that it gives to a shell. */
export function commandsOfWords(texts: readonly string[], line: number): Command[] {
  const words = texts.map((text): ShellWord => ({ text, line, nested: [] }));
  const command = makeCommand({ words, redirects: [], inputs: [] });
  return command === undefined ? [] : withScripts([command], 0);
}

function withScripts(commands: Command[], depth: number): Command[] {
  if (depth >= MAX_DEPTH) return commands;
  return commands.flatMap((command) => {
    const script = scriptOf(command);
    if (script === undefined) return [command];
    const source = new JoinedText(script, [{ offset: 0, line: command.line }]);
    return [command, ...commandsIn(source, depth + 1)];
  });
}

/** The script that is a word of a command: `sh -c '…'`, `eval '…'`. */
export function scriptOf({ program, args }: Command): string | undefined {
  if (program === 'eval') return args.join(' ');
  if (!SHELLS.has(program) && program !== 'su') return undefined;
  const flag = args.findIndex((arg) => /^-[a-z]*c$/.test(arg));
  return flag < 0 ? undefined : args[flag + 1];
}
