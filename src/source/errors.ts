import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { cleanText } from './clean-text.js';
import { GitFailure } from './git-failure.js';
import { OTHERWISE, explain, ownLines, unavailable } from './git-words.js';
import type { Meaning } from './git-words.js';

const MAX_WORDS = 300;

/**
 * The RegistrarError for work with git that failed. `doing` completes "Cannot …"; `otherwise` is what
 * words mean that are not known.
 */
export function toSourceError(
  error: unknown,
  doing: string,
  otherwise: Meaning = OTHERWISE,
): RegistrarError {
  if (isRegistrarError(error)) return error;
  const { code, why = wordsOf(error), remedy } = meaningOf(error, otherwise);
  // What git said is in it only as far as it is safe to show.
  const cause = error instanceof GitFailure ? undefined : error;
  const message = `Cannot ${cleanText(doing)}: ${why}; ${remedy}`;
  return new RegistrarError(code, message, { cause });
}

/** True when git failed with words that tell nothing of the remote: perhaps its own data is damaged. */
export function isUnexplained(error: unknown): boolean {
  return (
    error instanceof GitFailure && error.kind === 'exit' && explain(error.stderr) === undefined
  );
}

function meaningOf(error: unknown, otherwise: Meaning): Meaning {
  if (!(error instanceof GitFailure)) return unavailable('check the data directory and its disk');
  switch (error.kind) {
    case 'timeout':
      return unavailable('check the network and the server', 'it was not done in time');
    case 'cancelled':
      return unavailable('try again', 'it was cancelled');
    case 'output':
      return unavailable('check the URL and the server', 'the remote sent too much text');
    case 'exit':
      return explain(error.stderr) ?? otherwise;
  }
}

/** The line of git that tells most. */
function wordsOf(error: unknown): string {
  if (!(error instanceof GitFailure)) return cleanText(error instanceof Error ? error.message : '');
  const lines = ownLines(error.stderr);
  const line = lines.find((one) => /^(?:fatal|error):/.test(one)) ?? lines.at(-1) ?? '';
  const bare = line.replace(/^(?:fatal|error): (?:unable to access 'URL'?: )?/, '');
  return bare === '' ? 'git failed without a word' : cleanText(bare, MAX_WORDS);
}
