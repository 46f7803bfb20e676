import type { CheckResult } from './verification.js';

type Verdict = Pick<CheckResult, 'mode' | 'result'>;

const isFound = ({ result }: Verdict): boolean => result === 'failed' || result === 'notVerified';

/** Whether a result keeps a revision from running: found something, or could not look. */
export const blocks = (verdict: Verdict): boolean => verdict.mode === 'enforce' && isFound(verdict);

/** Whether a result is worth telling although it blocks nothing. */
export const warns = (verdict: Verdict): boolean => verdict.mode === 'warn' && isFound(verdict);

/** Whether a result is one that somebody has to know. */
export const warnsOrBlocks = (verdict: Verdict): boolean => blocks(verdict) || warns(verdict);
