/** A comment at the top of a Dockerfile that tells its reader something. */
export interface Directive {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** What continues a line. */
export type Escape = '\\' | '`';

const DIRECTIVE = /^#[ \t]*([a-zA-Z][a-zA-Z0-9]*)[ \t]*=(.*)$/;
const KNOWN: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/**
 * Comments of the first lines that some reader takes for a directive. Readers differ in where
 * directives end, so this goes on to the last of the comments.
 */
export function directivesOf(lines: readonly string[]): Directive[] {
  const found: Directive[] = [];
  for (const [index, line] of lines.entries()) {
    const text = line.trimStart();
    if (!text.startsWith('#')) break;
    const [, name = '', value = ''] = DIRECTIVE.exec(text) ?? [];
    if (KNOWN.has(name.toLowerCase()))
      found.push({ name: name.toLowerCase(), value: value.trim(), line: index + 1 });
  }
  return found;
}

/** What continues a line: said by a directive, which no other comment may precede. */
export function escapeOf(directives: readonly Directive[]): Escape {
  const ofReader = directives.filter(({ line }, index) => line === index + 1);
  return ofReader.some(({ name, value }) => name === 'escape' && value === '`') ? '`' : '\\';
}
