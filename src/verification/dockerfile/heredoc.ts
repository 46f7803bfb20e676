import type { JoinedText } from './joined-text.js';

/** Text inside a Dockerfile that an instruction is given like a file. */
export interface Heredoc {
  readonly name: string;
  /** Number of the file that it stands for; empty for standard input. */
  readonly descriptor: string;
  readonly body: JoinedText;
}

/** The beginning of one, as it stands in a line. */
export interface HeredocOpening {
  readonly name: string;
  readonly descriptor: string;
  /** Tabs before its end do not count. */
  readonly dash: boolean;
}

const OPENING = /^(\d*)<<(-?)([^<]+)$/;

/** The opening that a word of a line is, quotes of its name removed; undefined for another word. */
export function openingOf(word: string): HeredocOpening | undefined {
  const match = OPENING.exec(word);
  const name = match?.[3]?.replaceAll(/['"]/g, '');
  if (match === null || !name) return undefined;
  return { name, descriptor: match[1] ?? '', dash: match[2] === '-' };
}

/** Whether a line ends what an opening began. */
export function endsHeredoc({ name, dash }: HeredocOpening, line: string): boolean {
  return (dash ? line.replace(/^\t+/, '') : line) === name;
}
