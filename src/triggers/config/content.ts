import { formatProblem } from '../../manifest/parse.js';
import type { parseManifests } from '../../manifest/parse.js';
import type { FileContent } from './snapshot.js';

export type ParseManifests = typeof parseManifests;

/**
 * What the text of a file declares. Any mistake makes the whole file invalid: a file is applied
 * as one, so that its modules never stand half before and half after an edit.
 */
export function contentOf(file: string, text: string, parse: ParseManifests): FileContent {
  // What a full disk leaves of a file that was being saved.
  if (text.trim() === '') return invalid(`${file}: Is empty; remove it to delete its modules`);
  const { manifests, problems } = parse(text, file);
  if (problems.length > 0) return { kind: 'invalid', errors: problems.map(formatProblem) };
  return { kind: 'declares', declarations: manifests };
}

export function invalid(...errors: string[]): FileContent {
  return { kind: 'invalid', errors };
}
