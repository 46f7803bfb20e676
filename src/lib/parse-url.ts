/**
 * The URL that a text is, undefined when it is none. `URL.canParse` is not to be trusted with it:
 * once compiled, that of Node 20 calls every text with a letter such as "ü" malformed.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
