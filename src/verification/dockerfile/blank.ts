/** White space as the engine's reader knows it: with U+0085, without the mark of byte order. */
const BLANKS = String.raw`\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;

const LEADING = new RegExp(`^[${BLANKS}]+`);
const BLANK = new RegExp(`^[${BLANKS}]$`);

export const isBlank = (char: string): boolean => BLANK.test(char);

export const withoutIndent = (line: string): string => line.replace(LEADING, '');

/** A line without those characters at its end; a pattern would look at every run of them anew. */
export function withoutEnd(line: string, characters: string): string {
  let end = line.length;
  while (end > 0 && characters.includes(line[end - 1] ?? '')) end -= 1;
  return line.slice(0, end);
}
