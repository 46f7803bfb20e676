/**
 * Control characters, invisible and bidirectional formatting, line separators and lone surrogates:
 * what can deceive a reader or a terminal.
 */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * What no text in an object needs. Tab, line feed and the joiners that scripts and emoji are made
 * of may be in one.
 */
const HIDDEN_IN_TEXT = /(?![\t\n])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Text of which nothing can be hidden: most of it is, and this is told in a fraction of the time. */
const ORDINARY = /^[\t\n\x20-\x7e]*$/;

/** Text from outside, safe to show on one line: hidden characters become `?`, long text ends in `…`. */
export function printable(text: string, maxLength = 200): string {
  if (text.length <= maxLength && /^[\x20-\x7e]*$/.test(text)) return text;
  const clean = text.slice(0, maxLength + 1).replace(HIDDEN, '?');
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}

/** The first character that a text in an object must not have, such as `U+001B`. */
export function findHidden(text: string): string | undefined {
  if (ORDINARY.test(text)) return undefined;
  const code = HIDDEN_IN_TEXT.exec(text)?.[0].codePointAt(0);
  return code === undefined ? undefined : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
