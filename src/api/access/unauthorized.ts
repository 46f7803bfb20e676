import { RegistrarError } from '../../model/errors.js';

/** What somebody is told whose credentials are missing or not good, with why. */
export const unauthorized = (reason: string): RegistrarError =>
  new RegistrarError('UNAUTHORIZED', `Unauthorized: ${reason}`);
