import { withoutEnd, withoutIndent } from './blank.js';
import type { Escape } from './directives.js';
import { endsHeredoc, openingOf } from './heredoc.js';
import type { Heredoc, HeredocOpening } from './heredoc.js';
import { joinLines, JoinedText } from './joined-text.js';
import type { LineStart } from './joined-text.js';
import { rawWords } from './raw-words.js';

/** One instruction as it is written, with its continued lines joined and its comments left out. */
export interface LogicalLine {
  readonly line: number;
  readonly source: JoinedText;
  readonly heredocs: readonly Heredoc[];
}

/** Instructions that can be given a text like a file, also inside ONBUILD. */
const TAKES_HEREDOC = /^(?:onbuild\s+)?(?:run|copy|add)\s/i;

/** Reads instructions off the lines of a Dockerfile by the rules of the engine's own reader. */
export class LogicalLines {
  readonly #lines: readonly string[];
  readonly #escape: Escape;
  /** Index of the next line. */
  #next = 0;

  constructor(lines: readonly string[], escape: Escape) {
    this.#lines = lines;
    this.#escape = escape;
  }

  *[Symbol.iterator](): Generator<LogicalLine> {
    while (this.#next < this.#lines.length) {
      const source = this.#joined();
      if (withoutIndent(source.text) === '') continue;
      yield { line: source.lineAt(0), source, heredocs: this.#heredocsOf(source) };
    }
  }

  /** The next line and those that continue it; comments and empty lines between them are nothing. */
  #joined(): JoinedText {
    const parts: string[] = [];
    const starts: LineStart[] = [];
    let offset = 0;
    for (let open = true; open && this.#next < this.#lines.length;) {
      const line = this.#lines[this.#next++] ?? '';
      const bare = withoutIndent(line);
      const isFirst = starts.length === 0;
      if (bare.startsWith('#') || bare === '') {
        if (isFirst) break;
        continue;
      }
      const { text, continues } = this.#cut(isFirst ? bare : line);
      starts.push({ offset, line: this.#next });
      parts.push(text);
      offset += text.length;
      open = continues;
    }
    return new JoinedText(parts.join(''), starts);
  }

  /** A mark that is escaped itself continues nothing. */
  #cut(line: string): { text: string; continues: boolean } {
    const text = withoutEnd(line, ' \t');
    const continues = text.endsWith(this.#escape) && text.at(-2) !== this.#escape;
    return continues ? { text: text.slice(0, -1), continues } : { text: line, continues };
  }

  #heredocsOf(source: JoinedText): Heredoc[] {
    if (!source.text.includes('<<') || !TAKES_HEREDOC.test(source.text)) return [];
    const openings = rawWords(source, '\\').flatMap(({ text }) => openingOf(text) ?? []);
    return openings.map((opening) => this.#bodyOf(opening));
  }

  #bodyOf(opening: HeredocOpening): Heredoc {
    const start = this.#next;
    let end = start;
    while (end < this.#lines.length && !endsHeredoc(opening, this.#lines[end] ?? '')) end += 1;
    this.#next = end + 1;
    return { ...opening, body: joinLines(this.#lines.slice(start, end), start + 1) };
  }
}
