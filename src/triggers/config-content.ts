import { formatProblem } from '../manifest/parse.js';
import type { parseManifests } from '../manifest/parse.js';
import type { Declaration, FileContent } from './config-snapshot.js';

export type ParseManifests = typeof parseManifests;

/**
 * What the text of a file declares. Any mistake makes the whole file invalid: a file is applied
 * as one, so that its modules never stand half before and half after an edit.
 */
export function contentOf(file: string, text: string, parse: ParseManifests): FileContent {
  if (text.trim() === '')
    return invalid(`${file}: Is empty; remove the file to delete its modules`);
  const { manifests, problems } = parse(text, file);
  if (problems.length > 0) return { kind: 'invalid', errors: problems.map(formatProblem) };
  const declarations = manifests.map(({ manifest, line }) => ({ manifest, file, line }));
  const twice = findTwice(declarations);
  return twice.length > 0 ? invalid(...twice) : { kind: 'declares', declarations };
}

export function invalid(...errors: string[]): FileContent {
  return { kind: 'invalid', errors };
}

function findTwice(declarations: readonly Declaration[]): string[] {
  const lines = new Map<string, number>();
  return declarations.flatMap(({ manifest, file, line }) => {
    const { name } = manifest.metadata;
    const first = lines.get(name);
    if (first === undefined) lines.set(name, line);
    return first === undefined
      ? []
      : [`${file}:${line}:1: metadata.name: "${name}" is declared in line ${first} already`];
  });
}
