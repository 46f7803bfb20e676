import type { JoinedText } from '../joined-text.js';
import type { Command } from './command.js';
import { Frame } from './frame.js';
import type { Closing } from './frame.js';

const SEPARATORS: ReadonlySet<string> = new Set([';', '&', '|', '\n', '(']);
/** Longest first. */
const REDIRECTS = ['<<<', '<<-', '&>>', '<<', '>>', '>&', '<&', '>|', '<>', '&>', '<', '>'];

/**
 * Takes a script apart into its commands in one pass over its characters. It knows quotes, escapes,
 * pipes, lists, brackets, redirections and heredocs; variables and patterns stay as they are.
 */
export class ScriptReader {
  readonly #source: JoinedText;
  readonly #text: string;
  readonly #commands: Command[] = [];
  /** Outermost first; there is always one. */
  readonly #frames: Frame[] = [];
  #at = 0;

  constructor(source: JoinedText) {
    this.#source = source;
    this.#text = source.text;
  }

  /** All commands, those inside of a word before the one that it is of. */
  read(): Command[] {
    this.#open('');
    while (this.#at < this.#text.length) {
      if (this.#frame.isQuoted) this.#readQuoted();
      else this.#readBare();
    }
    while (this.#frames.length > 1) this.#close();
    this.#frame.endCommand();
    return this.#commands;
  }

  get #frame(): Frame {
    // There is always one.
    return this.#frames.at(-1) as Frame;
  }

  /** Begins a part that makes a word, or with `around` one of the frame around it. */
  #open(closing: Closing, around?: Frame): void {
    const found = (command: Command): void => void this.#commands.push(command);
    this.#frames.push(new Frame(found, closing, around));
  }

  #close(): void {
    const inner = this.#frame;
    inner.endCommand();
    this.#frames.pop();
    this.#frame.close(inner, this.#source.lineAt(this.#at));
  }

  /** Takes so many characters as they are, or others for them. */
  #take(length: number, text = this.#text.slice(this.#at, this.#at + length)): void {
    this.#frame.add(text, this.#source.lineAt(this.#at));
    this.#at += length;
  }

  #readQuoted(): void {
    const char = this.#text[this.#at] ?? '';
    if (char === '"') {
      this.#frame.isQuoted = false;
      this.#at += 1;
    } else if (char === '\\') this.#take(2, this.#escaped());
    else if (!this.#readNested()) this.#take(1);
  }

  #readBare(): void {
    const frame = this.#frame;
    const char = this.#text[this.#at] ?? '';
    if (char === "'") return this.#readSingle();
    if (char === '"') {
      frame.isQuoted = true;
      return this.#take(1, '');
    }
    if (char === '\\') return this.#readEscape();
    if (this.#readNested()) return;
    if (frame.braces > 0) return this.#readBraced(char);
    if (char === ')') return this.#readClosing();
    if (char === '#' && !frame.isInWord) return this.#skipTo('\n');
    const redirect = REDIRECTS.find((operator) => this.#text.startsWith(operator, this.#at));
    if (redirect !== undefined) {
      frame.startRedirect(redirect);
      this.#at += redirect.length;
    } else if (SEPARATORS.has(char)) this.#readSeparator(char);
    else if (/\s/.test(char)) {
      frame.endWord();
      this.#at += 1;
    } else this.#take(1);
  }

  /** A line that is continued neither begins nor ends a word. */
  #readEscape(): void {
    if (this.#text[this.#at + 1] === '\n') this.#at += 2;
    else this.#take(2, this.#escaped());
  }

  #escaped(): string {
    const char = this.#text[this.#at + 1] ?? '';
    if (char === '\n') return '';
    return this.#frame.isQuoted && !'"\\$`'.includes(char) ? `\\${char}` : char;
  }

  /** Reads what opens a part that is run to make a word, or closes one in grave accents. */
  #readNested(): boolean {
    const two = this.#text.slice(this.#at, this.#at + 2);
    const isBare = !this.#frame.isQuoted;
    if (two === '$(' || (isBare && (two === '<(' || two === '>('))) {
      this.#at += 2;
      this.#open(')');
    } else if (two === '${') {
      if (isBare) this.#frame.braces += 1;
      this.#take(2);
    } else if (two.startsWith('`')) {
      if (this.#frame.closing === '`') this.#close();
      else this.#open('`');
      this.#at += 1;
    } else return false;
    return true;
  }

  #readSingle(): void {
    const end = this.#text.indexOf("'", this.#at + 1);
    const stop = end < 0 ? this.#text.length : end;
    this.#take(stop + 1 - this.#at, this.#text.slice(this.#at + 1, stop));
  }

  #readBraced(char: string): void {
    if (char === '}') this.#frame.braces -= 1;
    this.#take(1);
  }

  #readClosing(): void {
    if (this.#frame.closing === ')') this.#close();
    else this.#frame.endCommand();
    this.#at += 1;
  }

  #readSeparator(char: string): void {
    const isDouble = this.#text[this.#at + 1] === char && char !== '(' && char !== '\n';
    this.#at += isDouble ? 2 : 1;
    if (char === '(') {
      this.#frame.endWord();
      return this.#open(')', this.#frame);
    }
    this.#frame.endCommand(char === '|' && !isDouble);
    if (char === '\n') this.#skipHeredocs();
  }

  #skipHeredocs(): void {
    const { heredocs } = this.#frame;
    this.#frame.heredocs = [];
    for (const { end, dash } of heredocs) {
      for (let line = ''; this.#at < this.#text.length;) {
        const start = this.#at;
        this.#skipTo('\n');
        line = this.#text.slice(start, this.#at);
        this.#at += 1;
        if ((dash ? line.replace(/^\t+/, '') : line) === end) break;
      }
    }
  }

  #skipTo(char: string): void {
    const end = this.#text.indexOf(char, this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }
}
