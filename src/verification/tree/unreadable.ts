import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';

/** The error for files that cannot be taken as they are. `why` ends with what to do, if anything. */
export const unreadable = (why: string): RegistrarError =>
  new RegistrarError('SOURCE_UNREADABLE', `Cannot look at the files of the source: ${why}`);

/** A path from outside, for a message. */
export const quoted = (path: string): string => `"${printable(path)}"`;
