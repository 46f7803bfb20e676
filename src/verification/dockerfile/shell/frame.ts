import type { Command, Redirect, ShellWord } from './command.js';
import { Groups } from './groups.js';
import { makeCommand } from './make-command.js';

/** What ends a part of a script: the bracket or quote that closes it, or nothing but its end. */
export type Closing = ')' | '`' | '';

/** A script, or a part of one in brackets, while it is read. */
export class Frame {
  readonly closing: Closing;
  /** Whether its commands make a word of the frame around it. */
  readonly makesWord: boolean;
  /** Whether it is inside double quotes. */
  isQuoted = false;
  /** Open `${`. */
  braces = 0;
  /** Ends of the heredocs that begin with the next line. */
  heredocs: { readonly end: string; readonly dash: boolean }[] = [];
  readonly #found: (command: Command) => void;
  /** The commands of the word that it makes, or of the frame around it. */
  readonly #commands: Command[];

  #text: string[] = [];
  #line = 0;
  #nested: Command[] = [];
  #words: ShellWord[] = [];
  #redirects: Redirect[] = [];
  #operator = '';
  #inputs: readonly Command[] = [];
  readonly #groups = new Groups();
  /** How many commands there were before it. */
  readonly #start: number;

  constructor(found: (command: Command) => void, closing: Closing = '', around?: Frame) {
    this.#found = found;
    this.closing = closing;
    this.makesWord = around === undefined;
    // Shared, not copied at the end: there may be as many brackets as there are characters.
    this.#commands = around === undefined ? [] : around.#commands;
    this.#start = this.#commands.length;
    if (around !== undefined) this.#inputs = around.#inputs;
  }

  /** Whether a word has begun. */
  get isInWord(): boolean {
    return this.#line > 0;
  }

  add(text: string, line: number): void {
    if (this.#line === 0) this.#line = line;
    this.#text.push(text);
  }

  /** Takes over what a frame inside this one came to. */
  close(inner: Frame, line: number): void {
    if (!inner.makesWord) return this.#groups.ended(inner.#start);
    this.add('$()', line);
    for (const command of inner.#commands) this.#nested.push(command);
  }

  endWord(): void {
    if (this.#line === 0) return;
    const word = { text: this.#text.join(''), line: this.#line, nested: this.#nested };
    if (this.#operator === '') this.#words.push(word);
    else this.#redirect(word);
    this.#text = [];
    this.#nested = [];
    this.#line = 0;
  }

  /** What follows is where output goes or input comes from; a number before it is part of it. */
  startRedirect(operator: string): void {
    if (/^\d{0,3}$/.test(this.#text.join(''))) {
      this.#text = [];
      this.#line = 0;
    }
    this.endWord();
    this.#operator = operator;
  }

  #redirect(target: ShellWord): void {
    const operator = this.#operator;
    this.#operator = '';
    this.#redirects.push({ operator, target });
    if (operator === '<<' || operator === '<<-')
      this.heredocs.push({ end: target.text, dash: operator === '<<-' });
  }

  /** Ends a command; with a pipe the next one is given its output. */
  endCommand(pipes = false): void {
    this.endWord();
    this.#groups.see(this.#words, this.#commands.length);
    const parts = { words: this.#words, redirects: this.#redirects, inputs: this.#inputs };
    const command = makeCommand(parts);
    if (command !== undefined) {
      this.#groups.ended(this.#commands.length);
      this.#commands.push(command);
      this.#found(command);
    }
    this.#words = [];
    this.#redirects = [];
    this.#operator = '';
    this.#inputs = pipes ? this.#groups.last(this.#commands) : [];
  }
}
