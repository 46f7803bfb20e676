import { RegistrarError } from '../model/errors.js';

/** A variable of such a file. */
export type Variable = readonly [name: string, value: Buffer];

const NAME = /^[-._a-zA-Z0-9]{1,253}$/;

/** What people are told of the format. */
export const ENV_FILE_RULES =
  'The file is read as "docker run --env-file" does: a line is KEY=VALUE, the value is all that ' +
  'follows the first "=" as it stands, with quotes, "#" and spaces in it. White space before the ' +
  'key is left out, and so are empty lines and lines that begin with "#". A key alone, which Docker ' +
  'takes from the environment, is refused, and so is a key that comes twice.';

/** The lines `KEY=VALUE` of a file. BAD_REQUEST with its path and the line, and without a value. */
export function variablesIn(bytes: Buffer, path: string): Variable[] {
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) throw refuse(path, undefined, 'expected text in UTF-8');
  const seen = new Set<string>();
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const found = variableIn(line, (problem) => refuse(path, index + 1, problem));
    if (found === undefined) return [];
    if (seen.has(found[0])) throw refuse(path, index + 1, `key "${found[0]}" is given twice`);
    seen.add(found[0]);
    return [found];
  });
}

function variableIn(
  line: string,
  refused: (problem: string) => RegistrarError,
): Variable | undefined {
  const rest = line.trimStart();
  if (rest === '' || rest.startsWith('#')) return undefined;
  const at = rest.indexOf('=');
  if (at <= 0) throw refused('expected KEY=VALUE');
  const name = rest.slice(0, at);
  // What is no name may be a piece of a value of several lines.
  if (!NAME.test(name)) {
    throw refused('expected a key of letters, digits, "-", "_" and "." before the "="');
  }
  return [name, Buffer.from(rest.slice(at + 1))];
}

function refuse(path: string, line: number | undefined, problem: string): RegistrarError {
  const place = line === undefined ? path : `${path}:${line}`;
  return new RegistrarError('BAD_REQUEST', `${place}: ${problem}`);
}
