/** Where a line of a file begins in a text that was put together from several. */
export interface LineStart {
  /** UTF-16 units from the beginning of the text. */
  readonly offset: number;
  /** From 1. */
  readonly line: number;
}

/** A text that was put together from lines of a file, which knows the line of each character. */
export class JoinedText {
  readonly text: string;
  readonly #starts: readonly LineStart[];
  /** Where this text begins in the one that the starts are of. */
  readonly #base: number;

  /** The starts ascend; the first one has the offset 0. */
  constructor(text: string, starts: readonly LineStart[], base = 0) {
    this.text = text;
    this.#starts = starts;
    this.#base = base;
  }

  /** Line in the file, from 1. */
  lineAt(offset: number): number {
    const wanted = offset + this.#base;
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle]?.offset ?? Infinity) <= wanted) low = middle + 1;
      else high = middle;
    }
    return this.#starts[low - 1]?.line ?? 1;
  }

  /** The part of it from `from` up to `to`. */
  slice(from: number, to = this.text.length): JoinedText {
    return new JoinedText(this.text.slice(from, to), this.#starts, this.#base + from);
  }
}

/** Lines of a file as they are, one after the other; `first` is the number of the first. */
export function joinLines(lines: readonly string[], first: number): JoinedText {
  let offset = 0;
  const starts = lines.map((line, index) => {
    const start = { offset, line: first + index };
    offset += line.length + 1;
    return start;
  });
  return new JoinedText(lines.map((line) => `${line}\n`).join(''), starts);
}
