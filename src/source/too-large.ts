import { RegistrarError } from '../model/errors.js';

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB'];

/** The error for what exceeds a limit; `what` begins a sentence. */
export function tooLarge(what: string, limit: string): RegistrarError {
  const message = `${what} than the limit of ${limit} allows; make the repository smaller or raise the limit`;
  return new RegistrarError('SOURCE_TOO_LARGE', message);
}

/** Bytes as people write them, such as `512 MiB`. */
export function inBytes(bytes: number): string {
  const step = UNITS.findLastIndex((_, power) => bytes >= 1024 ** power);
  const size = bytes / 1024 ** Math.max(0, step);
  return `${Number(size.toFixed(1))} ${UNITS[Math.max(0, step)]}`;
}
