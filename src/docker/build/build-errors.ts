import { RegistrarError, isRegistrarError } from '../../model/errors.js';
import type { ErrorCode } from '../../model/errors.js';
import { cleanText, refusalText } from '../errors.js';
import type { Ended } from '../work-limits.js';
import type { BuildOutput } from './build-output.js';

/** Longest account of a failed build, in characters. */
const MAX_REASON = 1500;
const MAX_STEP = 200;

const ENDED: Readonly<Record<Ended['kind'], ErrorCode>> = {
  cancelled: 'BUILD_FAILED',
  limit: 'BUILD_LIMIT',
  diskFull: 'ENGINE_DISK_FULL',
};

/** Exit codes that a limit of the build stands behind, mostly. */
const HINTS: Readonly<Record<number, string>> = {
  137: ' (killed, as for lack of memory)',
  153: ' (it wrote a file that is too large)',
};

/** A build that was ended by us. */
export const buildEnded = (doing: string, { kind, reason }: Ended, step: string): RegistrarError =>
  buildError(ENDED[kind], `Cannot ${doing}: ${during(step)}${reason}`);

/** What the engine says of a build that failed, with what the step printed last. */
export function buildFailed(doing: string, output: BuildOutput): RegistrarError {
  const { failure, step, lastLines } = output;
  if (failure?.exitCode === undefined) {
    const text = cleanText(failure?.text ?? 'the engine told of no image');
    const code = /no space left on device/i.test(text) ? 'ENGINE_DISK_FULL' : 'BUILD_FAILED';
    return buildError(code, `Cannot ${doing}: ${during(step)}${text}`);
  }
  const { exitCode } = failure;
  const ended = `the command ended with exit code ${exitCode}${HINTS[exitCode] ?? ''}`;
  const words = lastLines.length === 0 ? '' : `; it printed: ${lastLines.join(' / ')}`;
  return buildError('BUILD_FAILED', `Cannot ${doing}: ${during(step)}${ended}${words}`);
}

/** What the engine refuses before it begins, such as a Dockerfile that it cannot read. */
export function buildRefused(error: RegistrarError, doing: string): RegistrarError {
  if (!isRegistrarError(error, 'ENGINE_ERROR', 'INVALID', 'IMAGE_NOT_FOUND')) return error;
  const text = refusalText(error);
  return text === '' ? error : buildError('BUILD_FAILED', `Cannot ${doing}: ${text}`);
}

const during = (step: string): string => (step === '' ? '' : `"${step.slice(0, MAX_STEP)}": `);

function buildError(code: ErrorCode, text: string): RegistrarError {
  const message = text.length > MAX_REASON ? `${text.slice(0, MAX_REASON)}…` : text;
  return new RegistrarError(code, message);
}
