import { formatPath } from '../lib/field-path.js';
import { printable } from '../lib/printable.js';
import type { TextProblem } from '../lib/source-document.js';
import { readDocuments } from '../lib/yaml.js';
import type { Manifest } from '../model/draft.js';
import { checkDeclared, checksFor, nameIn, type KindChecks } from './check.js';
import { sentenceOf } from './finding.js';
import { declaredIn, type Declared } from './lists.js';
import { sentenceOfUnknown } from './schema-check.js';

export interface ParsedManifest<M extends Manifest = Manifest> {
  readonly manifest: M;
  readonly file: string;
  /** Line it begins at, from 1. */
  readonly line: number;
}

export interface ManifestProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Path such as `spec.ports[0].hostPort`; empty when it is about the text. */
  readonly path: string;
  readonly message: string;
}

/** Most problems of one text that are told. */
const MAX_PROBLEMS = 100;

export interface Parsed<M extends Manifest = Manifest> {
  readonly manifests: readonly ParsedManifest<M>[];
  readonly problems: readonly ManifestProblem[];
}

/**
 * Reads the manifests of a text, which may be of these kinds: YAML with any number of documents, or
 * JSON; of lists the items. Never throws. A manifest with a problem is left out; the problems are
 * those of the whole text, in its order, up to MAX_PROBLEMS.
 */
export function parseManifests(text: string, file: string, kinds: readonly KindChecks[]): Parsed {
  const source = readDocuments(text);
  const names = kinds.map((checks) => checks.names);
  const declared = source.documents.flatMap((document) => declaredIn(document, names));
  const examined = declared.map((one) => examine(one, kinds));
  const repeated = repeatedNames(declared, kinds);
  const problems = [
    ...source.problems,
    ...examined.flatMap((one) => one.problems),
    ...repeated.map(({ problem }) => problem),
  ];
  const ambiguous = new Set(repeated.map(({ key }) => key));
  return {
    manifests: examined
      .flatMap(({ manifest, line }) => (manifest ? [{ manifest, file, line }] : []))
      .filter(({ manifest }) => !ambiguous.has(keyOf(manifest.kind, manifest.metadata.name))),
    problems: inOrder(problems).map(({ path, ...problem }) => ({
      ...problem,
      file,
      path: formatPath(path),
    })),
  };
}

/** A problem in a line: `config/x.yaml:3:5: spec.replicas: expected integer, found string "two"`. */
export function formatProblem({ file, line, column, path, message }: ManifestProblem): string {
  const place = `${printable(file)}:${line}:${column}`;
  return [place, path, message].filter((part) => part !== '').join(': ');
}

/** A declared object as a manifest, or what keeps it from being one. */
interface Examined {
  readonly manifest: Manifest | undefined;
  readonly line: number;
  readonly problems: readonly TextProblem[];
}

function examine({ value, base, document }: Declared, kinds: readonly KindChecks[]): Examined {
  const { value: checked, malformed, unknown, invalid } = checkDeclared(value, kinds);
  const problems = [
    ...[...malformed, ...invalid].map((one) => ({ path: one.path, message: sentenceOf(one) })),
    ...unknown.map((field) => ({ path: field.path, message: sentenceOfUnknown(field) })),
  ].map(({ path, message }) => {
    const full = [...base, ...path];
    return { path: full, message, ...document.locate(full) };
  });
  return {
    manifest: problems.length === 0 ? (checked as Manifest) : undefined,
    line: document.locate(base).line,
    problems,
  };
}

const keyOf = (kind: string, name: string): string => `${kind}/${name}`;

/** What is declared more than once, with a problem for each time but the first. */
function repeatedNames(
  declared: readonly Declared[],
  kinds: readonly KindChecks[],
): { key: string; problem: TextProblem }[] {
  const firstLines = new Map<string, number>();
  return declared.flatMap(({ value, base, document }) => {
    const name = nameIn(value);
    const kind = checksFor(value, kinds)?.names.kind;
    if (name === undefined || kind === undefined) return [];
    const key = keyOf(kind, name);
    const path = [...base, 'metadata', 'name'];
    const position = document.locate(path);
    const firstLine = firstLines.get(key);
    firstLines.set(key, firstLine ?? position.line);
    if (firstLine === undefined) return [];
    const shown = `${kind.toLowerCase()} "${printable(name, 63)}"`;
    const message = `${shown} is declared in line ${firstLine} already`;
    return [{ key, problem: { path, message, ...position } }];
  });
}

function inOrder(problems: readonly TextProblem[]): TextProblem[] {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const rest = sorted[MAX_PROBLEMS];
  if (rest === undefined) return sorted;
  const message = `${sorted.length - MAX_PROBLEMS} more problems from here on`;
  return [...sorted.slice(0, MAX_PROBLEMS), { ...rest, path: [], message }];
}
