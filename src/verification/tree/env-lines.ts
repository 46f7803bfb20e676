/** A variable that an env file sets. */
export interface EnvLine {
  readonly name: string;
  /** Without quotes around and a comment behind; empty when it has none. */
  readonly value: string;
  readonly line: number;
}

const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

/** Longest line that is read. */
const MAX_LINE = 32_768;

/** The variables of an env file, line by line. */
export const envLines = (text: string): EnvLine[] =>
  text.split('\n').flatMap((content, index) => {
    const [, name, rest] = LINE.exec(content.slice(0, MAX_LINE)) ?? [];
    if (name === undefined || rest === undefined) return [];
    return [{ name, value: valueOf(rest.trim()), line: index + 1 }];
  });

function valueOf(text: string): string {
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    return text.slice(1, end === -1 ? undefined : end);
  }
  return text.replace(/(?:^|\s+)#.*$/, '').trim();
}
