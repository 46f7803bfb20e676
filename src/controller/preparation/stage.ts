import type { RegistrarError } from '../../model/errors.js';
import { ERROR_CODES } from '../../model/errors.js';
import type { Outcome } from '../outcome.js';

/** How often a stage that waits for slow work says how far it is. */
const PROGRESS_MS = 5_000;

/** Slow work goes on; its end makes the module due. */
export const working = (reason: string, message: string): Outcome => ({
  ...{ kind: 'waiting', reason, message, lookAgainMs: PROGRESS_MS },
});

/** An error of a stage: one that only the user can help with is not tried again. */
export const failure = (error: RegistrarError): Outcome =>
  ERROR_CODES[error.code].retry === 'stalled'
    ? { kind: 'stalled', reason: error.reason, message: error.message }
    : { kind: 'failed', error };
