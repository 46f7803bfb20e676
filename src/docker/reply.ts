/** A JSON object from the engine. Its fields are believed only through the functions below. */
export type Reply = Readonly<Record<string, unknown>>;

export function replyOf(value: unknown): Reply {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Reply) : {};
}

/** The elements of a list, none when it is not one. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, empty when it is not one. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A whole number, 0 when it is not one. */
export const integerOf = (value: unknown): number =>
  Number.isSafeInteger(value) ? Number(value) : 0;

/** The texts of a map, such as labels. */
export function textsOf(value: unknown): Record<string, string> {
  const texts = Object.entries(replyOf(value)).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts) as Record<string, string>;
}

/** A value of JSON, undefined for anything else. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
