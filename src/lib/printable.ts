/**
 * Control characters, invisible and bidirectional formatting, line separators and lone surrogates:
 * what can deceive a reader or a terminal.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The same without tab and line feed, which long texts may have. */
const HIDDEN_IN_TEXT = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/** Text from outside, safe to show on one line: hidden characters become `?`, long text ends in `…`. */
export function printable(text: string, maxLength = 200): string {
  const clean = text.slice(0, maxLength + 1).replace(HIDDEN, '?');
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}

/** The first hidden character of a text, other than tab and line feed, such as `U+001B`. */
export function findHidden(text: string): string | undefined {
  const code = HIDDEN_IN_TEXT.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
