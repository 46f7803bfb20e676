import type { Report } from '../../kinds/report/schema.js';
import { RegistrarError } from '../../model/errors.js';
import { blocks } from '../../model/verdict.js';
import type { CheckResult } from '../../model/verification.js';
import { checkOf } from '../../verification/checks.js';
import type { Outcome } from '../outcome.js';

/** What could not be looked at is not looked at again before: looking takes a processor for seconds. */
const LOOK_AGAIN_MS = 60_000;

/** Whether a result is of the image that is to run, in place of its manifest or source. */
export const isOfImage = ({ check }: Pick<CheckResult, 'check'>): boolean =>
  checkOf(check)?.about === 'image';

/** A report without what was found of the image: that may be another one by now. */
export const withoutImage = ({ spec, ...rest }: Report): Report => ({
  ...rest,
  spec: { ...spec, results: spec.results.filter((result) => !isOfImage(result)) },
});

/**
 * Whether a report is to be taken as it is: looking again at the same would find the same, or it was
 * looked at just now. `now` in milliseconds since 1970.
 */
export function isSettled({ spec }: Report, now: number): boolean {
  const age = Math.abs(now - Date.parse(spec.verifiedAt));
  return isFinal(spec.results) || age < LOOK_AGAIN_MS;
}

/** Nothing that blocks could not be looked at. */
const isFinal = (results: readonly CheckResult[]): boolean =>
  !results.some((result) => blocks(result) && result.result === 'notVerified');

/** What keeps what a report is about from running; undefined when nothing does. */
export function blockedBy({ metadata, spec }: Report): Outcome | undefined {
  const blocking = spec.results.filter(blocks);
  const [first] = blocking;
  if (first === undefined) return undefined;
  const more = blocking.length > 1 ? ` and ${blocking.length - 1} more` : '';
  const message = `${sentenceOf(first)}${more}; see report "${metadata.name}"`;
  if (isFinal(spec.results)) return { kind: 'stalled', reason: 'VerificationFailed', message };
  return { kind: 'failed', error: new RegistrarError('NOT_VERIFIED', message) };
}

function sentenceOf({ check, problems, reason }: CheckResult): string {
  const [problem] = problems;
  if (problem === undefined) return `${check}: ${reason ?? 'it could not be checked'}`;
  const { field, file, line, message } = problem;
  const place = field ?? [file, line].filter((part) => part !== undefined).join(':');
  return `${check}: ${place === '' ? '' : `${place}: `}${message}`;
}
