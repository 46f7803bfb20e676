import { isBlank } from './blank.js';
import type { JoinedText } from './joined-text.js';

/** A word of an instruction. */
export interface Word {
  readonly text: string;
  /** Line in the file, from 1. */
  readonly line: number;
}

/** The words between blanks, where quotes and an escaped blank keep one together; all as written. */
export function rawWords(source: JoinedText, escape: string): Word[] {
  const { text } = source;
  const words: Word[] = [];
  for (let at = 0; at < text.length;) {
    if (isBlank(text[at] ?? '')) {
      at += 1;
      continue;
    }
    const end = endOfWord(text, at, escape);
    words.push({ text: text.slice(at, end), line: source.lineAt(at) });
    at = end;
  }
  return words;
}

function endOfWord(text: string, start: number, escape: string): number {
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === escape && quote !== "'") at += 1;
    else if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'") quote = char;
    else if (isBlank(char)) return at;
  }
  return text.length;
}

/** What a word stands for: without its quotes and escapes. */
export function unquoted(word: string, escape: string): string {
  let quote = '';
  let result = '';
  for (let at = 0; at < word.length; at += 1) {
    const char = word[at] ?? '';
    if (char === escape && quote !== "'") result += word[(at += 1)] ?? '';
    else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else result += char;
  }
  return result;
}
