import { formatPath } from '../lib/field-path.js';
import { printable } from '../lib/printable.js';
import type { TextProblem } from '../lib/source-document.js';
import { readDocuments } from '../lib/yaml.js';
import type { ModuleManifest } from '../model/module.js';
import { checkObject, MODULE_CHECKS, nameIn } from './check.js';
import { sentenceOf } from './finding.js';
import { declaredIn, type Declared } from './lists.js';
import { sentenceOfUnknown } from './schema-check.js';

export interface ParsedManifest {
  readonly manifest: ModuleManifest;
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

/**
 * Reads the Module manifests of a text: YAML with any number of documents, or JSON; of lists the
 * items. Never throws. A manifest with a problem is left out; the problems are those of the whole
 * text, in its order, up to MAX_PROBLEMS.
 */
export function parseManifests(
  text: string,
  file: string,
): { manifests: ParsedManifest[]; problems: ManifestProblem[] } {
  const source = readDocuments(text);
  const declared = source.documents.flatMap(declaredIn);
  const examined = declared.map(examine);
  const repeated = repeatedNames(declared);
  const problems = [
    ...source.problems,
    ...examined.flatMap((one) => one.problems),
    ...repeated.map(({ problem }) => problem),
  ];
  const ambiguous = new Set(repeated.map(({ name }) => name));
  return {
    manifests: examined
      .flatMap(({ manifest, line }) => (manifest ? [{ manifest, file, line }] : []))
      .filter(({ manifest }) => !ambiguous.has(manifest.metadata.name)),
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
  readonly manifest: ModuleManifest | undefined;
  readonly line: number;
  readonly problems: readonly TextProblem[];
}

function examine({ value, base, document }: Declared): Examined {
  const { value: checked, malformed, unknown, invalid } = checkObject(value, MODULE_CHECKS);
  const problems = [
    ...[...malformed, ...invalid].map((one) => ({ path: one.path, message: sentenceOf(one) })),
    ...unknown.map((field) => ({ path: field.path, message: sentenceOfUnknown(field) })),
  ].map(({ path, message }) => {
    const full = [...base, ...path];
    return { path: full, message, ...document.locate(full) };
  });
  return {
    manifest: problems.length === 0 ? (checked as ModuleManifest) : undefined,
    line: document.locate(base).line,
    problems,
  };
}

/** The names that are declared more than once, with a problem for each time but the first. */
function repeatedNames(declared: readonly Declared[]): { name: string; problem: TextProblem }[] {
  const firstLines = new Map<string, number>();
  return declared.flatMap(({ value, base, document }) => {
    const name = nameIn(value);
    if (name === undefined) return [];
    const path = [...base, 'metadata', 'name'];
    const position = document.locate(path);
    const firstLine = firstLines.get(name);
    firstLines.set(name, firstLine ?? position.line);
    if (firstLine === undefined) return [];
    const message = `module "${printable(name, 63)}" is declared in line ${firstLine} already`;
    return [{ name, problem: { path, message, ...position } }];
  });
}

function inOrder(problems: readonly TextProblem[]): TextProblem[] {
  const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const rest = sorted[MAX_PROBLEMS];
  if (rest === undefined) return sorted;
  const message = `${sorted.length - MAX_PROBLEMS} more problems from here on`;
  return [...sorted.slice(0, MAX_PROBLEMS), { ...rest, path: [], message }];
}
