import type { Instruction } from './dockerfile.js';
import { jsonTexts } from './json-texts.js';
import type { JoinedText } from './joined-text.js';
import type { Command } from './shell/command.js';
import { commandsIn, commandsOfWords, isShell } from './shell/commands-in.js';

const RUNS: ReadonlySet<string> = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

type Runs = Pick<Instruction, 'keyword' | 'source' | 'heredocs' | 'line'>;

/** What an instruction runs, the scripts of its heredocs included. */
export function commandsOf(instruction: Runs): Command[] {
  const { keyword, heredocs, line } = instruction;
  if (!RUNS.has(keyword)) return [];
  const source = withoutCmd(instruction);
  const json = jsonTexts(source.text);
  if (json !== undefined) return commandsOfWords(json, line);
  const commands = commandsIn(source);
  const isScript = heredocs.length > 0 && commands.every((command) => readsScript(command));
  return isScript ? [...commands, ...heredocs.flatMap(({ body }) => scriptOf(body))] : commands;
}

/** HEALTHCHECK says CMD before what it runs. */
function withoutCmd({ keyword, source }: Runs): JoinedText {
  if (keyword !== 'HEALTHCHECK') return source;
  return source.slice(/^\S*\s*/.exec(source.text)?.[0].length ?? 0);
}

/** Whether what it is given on its standard input is run. */
const readsScript = (command: Command): boolean =>
  command.words.length === 0 || (isShell(command) && command.words.length === 1);

/** A heredoc that names another interpreter in its first line is no script of a shell. */
function scriptOf(body: JoinedText): Command[] {
  const [shebang] = /^#!.*/.exec(body.text) ?? [];
  return shebang === undefined || /\bsh$|sh\b/.test(shebang) ? commandsIn(body) : [];
}
