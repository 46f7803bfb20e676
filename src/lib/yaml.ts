import type { Document } from 'yaml';
import type { FieldPath } from './field-path.js';
import { findDataProblems, hasMoreValuesThan } from './plain-data.js';
import { printable } from './printable.js';
import { offsetOf, type SourceDocument, type TextProblem } from './source-document.js';
import { positionsOf, type TextPosition } from './text-position.js';
import { messageOf, parseYaml } from './yaml-syntax.js';
import { plainValue } from './yaml-value.js';

/** Longest text that is read as YAML, in bytes of UTF-8; that much takes up to half a second. */
export const MAX_YAML_BYTES = 256 * 1024;
/** Longest text that is read as JSON: the largest body that a Kubernetes API server takes. */
export const MAX_JSON_BYTES = 3 * 1024 * 1024;
/** More values in one document are not looked at: numbers alone would be millions in a text. */
export const MAX_VALUES = 100_000;
/** Most problems that are told of one text. */
const MAX_PROBLEMS = 100;

const START: TextPosition = { line: 1, column: 1 };

export interface SourceText {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly TextProblem[];
}

/**
 * Reads a text of YAML documents, or of JSON. Never throws. Documents that say nothing are left
 * out, those with a problem too. A text of more than MAX_YAML_BYTES must be one JSON value: its
 * fields have no positions, and of a repeated key the last one counts.
 */
export function readDocuments(text: string): SourceText {
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_YAML_BYTES) return readYaml(text);
  const isJson = /^\s*[[{]/.test(text);
  const most = isJson ? MAX_JSON_BYTES : MAX_YAML_BYTES;
  if (bytes <= most) return joined([readJson(text)]);
  const message = `Text of ${bytes} bytes, at most ${most} are read as ${isJson ? 'JSON' : 'YAML'}`;
  return joined([failed(START, message)]);
}

/** What became of one document: itself or its problems, neither when it says nothing. */
interface Read {
  readonly document?: SourceDocument;
  readonly problems: readonly TextProblem[];
}

const failed = (position: TextPosition, message: string, path: FieldPath = []): Read => ({
  problems: [{ ...position, path, message: printable(message) }],
});

const joined = (reads: readonly Read[]): SourceText => ({
  documents: reads.flatMap(({ document }) => document ?? []),
  problems: reads.flatMap(({ problems }) => problems).slice(0, MAX_PROBLEMS),
});

type PositionAt = (offset: number) => TextPosition;

function readYaml(text: string): SourceText {
  const positionAt = positionsOf(text);
  try {
    const { documents, stopped } = parseYaml(text);
    const reads = documents.map((parsed) => readDocument(parsed, positionAt));
    return joined(
      stopped ? [...reads, failed(positionAt(stopped.offset), stopped.message)] : reads,
    );
  } catch (error) {
    return joined([failed(START, `Cannot be read as YAML: ${String(error)}`)]);
  }
}

function readDocument(parsed: Document.Parsed, positionAt: PositionAt): Read {
  const syntax = [...parsed.errors, ...parsed.warnings];
  if (syntax.length > 0) {
    const reads = syntax.map((error) => failed(positionAt(error.pos[0]), messageOf(error)));
    return { problems: joined(reads).problems };
  }
  const { value, places, problems } = plainValue(parsed.contents);
  if (problems.length > 0) {
    return {
      problems: problems.map(({ offset, ...problem }) => ({ ...problem, ...positionAt(offset) })),
    };
  }
  if (value === null) return { problems: [] };
  const start = parsed.contents?.range[0] ?? 0;
  return checked(value, (path) => positionAt(offsetOf(value, path, places, start)));
}

function readJson(text: string): Read {
  try {
    return checked(JSON.parse(text), () => START);
  } catch (error) {
    // Only the position: the rest of the message quotes the text, which may hold a secret.
    const [, offset] = /at position (\d+)/.exec(String(error)) ?? [];
    const position = offset === undefined ? START : positionsOf(text)(Number(offset));
    return failed(position, 'Not valid JSON');
  }
}

/** The document of a value, unless something is wrong with its data. */
function checked(value: unknown, locate: SourceDocument['locate']): Read {
  if (hasMoreValuesThan(MAX_VALUES, value)) {
    return failed(locate([]), `More than ${MAX_VALUES} values in one document`);
  }
  const problems = [...findDataProblems(value)].map(({ path, message }) => ({
    ...locate(path),
    path,
    message,
  }));
  if (problems.length > 0) return { problems };
  return { document: { value, line: locate([]).line, locate }, problems };
}
