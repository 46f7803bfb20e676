import { isBlank, withoutIndent } from './blank.js';
import type { Flag, Instruction, Pair } from './dockerfile.js';
import type { Escape } from './directives.js';
import type { Heredoc } from './heredoc.js';
import type { JoinedText } from './joined-text.js';
import { commandsOf } from './commands-of.js';
import { jsonTexts } from './json-texts.js';
import { rawWords, unquoted } from './raw-words.js';
import type { Word } from './raw-words.js';

/** An instruction as written, and where it stands. */
export interface Written {
  readonly source: JoinedText;
  readonly heredocs: readonly Heredoc[];
  readonly stage: number | undefined;
  readonly isTrigger: boolean;
  readonly escape: Escape;
}

const PAIRED: ReadonlySet<string> = new Set(['ENV', 'LABEL', 'ARG']);
const KEYWORD = /^\S+/;
/** Flags are at most a few; further ones are arguments. */
const MAX_FLAGS = 64;

/** One instruction; nothing in it is an error. */
export function parseInstruction({ source, escape, ...place }: Written): Instruction {
  const keyword = KEYWORD.exec(source.text)?.[0] ?? '';
  const { flags, rest } = cutFlags(withoutBlanks(source.slice(keyword.length)), escape);
  const written = rawWords(rest, escape);
  const words = written.map(({ text, line }) => ({ text: unquoted(text, escape), line }));
  const instruction = {
    ...{ keyword: keyword.toUpperCase(), line: source.lineAt(0), ...place },
    ...{ flags, source: rest, words, json: jsonTexts(rest.text) },
    pairs: PAIRED.has(keyword.toUpperCase()) ? pairsOf(keyword, written, escape) : [],
  };
  return { ...instruction, commands: commandsOf(instruction) };
}

function withoutBlanks(source: JoinedText): JoinedText {
  const from = source.text.length - withoutIndent(source.text).length;
  return source.slice(from);
}

/** Takes words that begin with `--` off the front. */
function cutFlags(source: JoinedText, escape: Escape): { flags: Flag[]; rest: JoinedText } {
  const flags: Flag[] = [];
  let rest = source;
  while (rest.text.startsWith('--') && flags.length < MAX_FLAGS) {
    const end = lengthOfWord(rest.text);
    const word = unquoted(rest.text.slice(2, end), escape);
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? '' : word.slice(equals + 1);
    if (name !== '') flags.push({ name, value, line: rest.lineAt(0) });
    rest = withoutBlanks(rest.slice(end));
  }
  return { flags, rest };
}

function lengthOfWord(text: string): number {
  for (let at = 0; at < text.length; at += 1) if (isBlank(text[at] ?? '')) return at;
  return text.length;
}

/** `NAME=value …`, `NAME value` of ENV and LABEL, and `NAME` of ARG. */
function pairsOf(keyword: string, written: readonly Word[], escape: Escape): Pair[] {
  const [first, ...rest] = written;
  if (first === undefined) return [];
  if (keyword.toUpperCase() !== 'ARG' && !first.text.includes('=')) {
    const value = rest.map(({ text }) => unquoted(text, escape)).join(' ');
    return [{ name: unquoted(first.text, escape), value, line: first.line }];
  }
  return written.map(({ text, line }) => {
    const equals = text.indexOf('=');
    if (equals < 0) return { name: unquoted(text, escape), value: undefined, line };
    const name = unquoted(text.slice(0, equals), escape);
    return { name, value: unquoted(text.slice(equals + 1), escape), line };
  });
}
