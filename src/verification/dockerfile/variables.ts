/** A text with its variables put in. */
export interface Substituted {
  readonly text: string;
  /** The first variable that has no value. */
  readonly open: string | undefined;
}

/** Longest text: values that contain each other would grow without end. */
const MAX_LENGTH = 4096;

const VARIABLE = /\$(?:(\w+)|\{(\w+)(?:(:?[-+])([^${}]*))?\})/g;

/** Puts values in for `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}`. */
export function substitute(text: string, values: ReadonlyMap<string, string>): Substituted {
  let open: string | undefined;
  let room = MAX_LENGTH;
  const fit = (value: string): string => {
    const kept = value.slice(0, room);
    room -= kept.length;
    return kept;
  };
  const put = (_all: string, plain = '', braced = '', operator = '', word = ''): string => {
    const name = plain || braced;
    const value = values.get(name);
    const isThere = value !== undefined && (value !== '' || !operator.startsWith(':'));
    if (operator.endsWith('+')) return fit(isThere ? word : '');
    if (isThere) return fit(value);
    if (operator === '') open ??= name;
    return fit(word);
  };
  const result = text.slice(0, MAX_LENGTH).replaceAll(VARIABLE, put);
  // Another form than those above: what it comes to is not known.
  return { text: result, open: open ?? (result.includes('${') ? result : undefined) };
}
