import { findHidden, printable } from '../lib/printable.js';
import { RegistrarError } from '../model/errors.js';

/** Bytes; longer names fit into no file system that stores them. */
const MAX_LENGTH = 255;

/** What git check-ref-format refuses in a name, and what git would read as an option. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [/^-/, 'it begins with "-"'],
  [/\.\./, 'it contains ".."'],
  [/@\{/, 'it contains "@{"'],
  [/^@$/, 'git reads "@" as the current commit'],
  [/[ ~^:?*[\\]/, 'it contains a space or one of ~ ^ : ? * [ \\'],
  [/^\/|\/$|\/\//, 'it has an empty part between slashes'],
  [/(?:^|\/)\./, 'a part of it begins with "."'],
  [/\.$/, 'it ends with "."'],
  [/\.lock(?:\/|$)/, 'a part of it ends with ".lock"'],
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  [/[\u0000-\u001f\u007f]/, 'it contains a control character'],
];

/** Why a text cannot be the name of a branch or tag; undefined when it can. */
export function branchProblem(name: string): string | undefined {
  const found = FORBIDDEN.find(([pattern]) => pattern.test(name));
  if (found !== undefined) return found[1];
  if (Buffer.byteLength(name) > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} bytes`;
  const hidden = findHidden(name);
  return hidden === undefined ? undefined : `it contains the hidden character ${hidden}`;
}

/** The name itself; INVALID when it cannot be the name of a branch or tag. */
export function parseBranch(name: string): string {
  const problem = branchProblem(name);
  if (problem === undefined) return name;
  const message = `Cannot use branch "${printable(name, 80)}": ${problem}; write the short name of a branch or tag, such as "main" or "v1.2.0"`;
  throw new RegistrarError('INVALID', message);
}
