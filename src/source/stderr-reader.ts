import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { GitFailure } from './git-failure.js';

/** What git may write of its progress and a remote may say. */
const MAX_TOTAL = 4 * 1024 * 1024;
/** Errors come last. */
const KEPT = 16 * 1024;
const MAX_LINE = 1024;

/** Reads standard error: line by line as it comes, and its end. A line that is too long is cut. */
export class StderrReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: ((line: string) => void) | undefined;
  #line = '';
  #text = '';
  #total = 0;

  constructor(onLine?: (line: string) => void) {
    this.#onLine = onLine;
  }

  /** The end of what was read, raw. */
  get text(): string {
    return this.#text;
  }

  /** Rejects with a GitFailure when it is too much. */
  async take(stream: Readable): Promise<void> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      this.#total += chunk.length;
      if (this.#total > MAX_TOTAL) throw new GitFailure('output', this.#text);
      this.#push(this.#decoder.write(chunk));
    }
    if (this.#line !== '') this.#onLine?.(this.#line);
  }

  /** Progress is a line that is written over itself, after a carriage return. */
  #push(text: string): void {
    this.#text = (this.#text + text).slice(-KEPT);
    const lines = (this.#line + text).split(/[\r\n]+/);
    this.#line = (lines.pop() ?? '').slice(0, MAX_LINE);
    for (const line of lines) if (line !== '') this.#onLine?.(line.slice(0, MAX_LINE));
  }
}
