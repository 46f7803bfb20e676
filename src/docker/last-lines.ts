import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { TextLines } from './text-lines.js';

/** What is kept at most while the end is not in sight, in characters. */
const MAX_KEPT = 16 * 1024 * 1024;

/** Passes on the last `count` lines of a text when it ends; fewer when they are very long. */
export function lastLines(count: number, maxKept = MAX_KEPT): Transform {
  const lines = new TextLines(maxKept);
  const kept = new LastLines(count, maxKept);
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      for (const line of lines.push(chunk)) kept.add(line);
      done();
    },
    flush(done: TransformCallback) {
      for (const line of lines.end()) kept.add(line);
      done(null, kept.text());
    },
  });
}

class LastLines {
  #lines: string[] = [];
  /** Index of the first that counts: taking away each by itself would move all others each time. */
  #first = 0;
  #size = 0;

  constructor(
    private readonly count: number,
    private readonly maxSize: number,
  ) {}

  add(line: string): void {
    this.#lines.push(line);
    this.#size += line.length;
    while (this.#isTooMuch()) {
      this.#size -= this.#lines[this.#first]?.length ?? 0;
      this.#first += 1;
    }
    if (this.#first > this.#lines.length / 2) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
  }

  text(): string {
    return this.#lines
      .slice(this.#first)
      .map((line) => `${line}\n`)
      .join('');
  }

  #isTooMuch(): boolean {
    const length = this.#lines.length - this.#first;
    return length > 0 && (length > this.count || this.#size > this.maxSize);
  }
}
