import { formatProblem } from '../../manifest/parse.js';
import type { Parsed } from '../../manifest/parse.js';
import type { DeclaredManifest } from '../../kinds/declared.js';
import type { UnusableEntry } from './entry.js';
import { policiesIn } from './policies-in.js';
import type { FileContent, InvalidContent } from './snapshot.js';

export type ParseManifests = (text: string, file: string) => Parsed<DeclaredManifest>;

/**
 * What the text of a file declares. Any mistake makes the whole file invalid: a file is applied
 * as one, so that its objects never stand half before and half after an edit.
 */
export function contentOf(file: string, text: string, parse: ParseManifests): FileContent {
  // What a full disk leaves of a file that was being saved.
  if (text.trim() === '') return invalid(0, `${file}: Is empty; remove it to delete its objects`);
  const { manifests, problems } = parse(text, file);
  if (problems.length > 0) return invalid(policiesIn(text), ...problems.map(formatProblem));
  return { kind: 'declares', declarations: manifests };
}

/**
 * What a file declares that cannot be read now: nothing is known of a policy in it, unless it could
 * be read before.
 */
export function unreadable(
  file: string,
  { reason, isElsewhere }: Omit<UnusableEntry, 'kind'>,
  before: FileContent | undefined,
): InvalidContent {
  const error = `${file}: ${reason}`;
  if (isElsewhere || before?.kind === 'declares') return invalid(0, error);
  return invalid(before?.kind === 'invalid' ? before.policies : 'unknown', error);
}

function invalid(policies: InvalidContent['policies'], ...errors: string[]): InvalidContent {
  return { kind: 'invalid', errors, policies };
}
