import { printable } from '../lib/printable.js';
import type { FieldPath } from '../lib/field-path.js';
import type { SourceDocument, TextProblem } from '../lib/source-document.js';
import { RegistrarError } from '../model/errors.js';
import type { Cause } from '../model/errors.js';
import { apiVersionOf, APPLIED } from '../model/kinds.js';
import { parsePath } from '../lib/parse-path.js';
import { qualifiedName } from './resource.js';
import type { Source } from './sources.js';
import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';

type DeclaredNames = (typeof APPLIED)[number];

/** One object as declared in a text. */
export interface Declared {
  /** The kind that it says it is of, when manifests may be of that. */
  readonly kind: DeclaredNames | undefined;
  /** `metadata.name`; empty when there is none. */
  readonly name: string;
  readonly manifest: JsonObject;
  /** `file:line:column` of a field of the manifest. */
  readonly where: (field: string) => string;
  /** `file:line:column: path: message` for a field of the manifest. */
  readonly explain: (field: string, message: string) => string;
}

/** An object of a kind that can be declared. */
export type DeclaredObject = Declared & { readonly kind: DeclaredNames };

export interface DeclaredObjects {
  readonly objects: readonly DeclaredObject[];
  /** What is wrong with the texts themselves, one line each. */
  readonly problems: readonly string[];
}

const placeOf = (source: string, { line, column }: Pick<TextProblem, 'line' | 'column'>): string =>
  `${source}:${line}:${column}`;

function declare(
  source: string,
  document: SourceDocument,
  value: unknown,
  at: FieldPath,
): Declared {
  const manifest = isJsonObject(value) ? value : {};
  const metadata = manifest['metadata'];
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  const where = (field: string): string =>
    placeOf(source, document.locate([...at, ...parsePath(field)]));
  const explain = (field: string, message: string): string =>
    `${where(field)}: ${field === '' ? message : `${field}: ${message}`}`;
  const kind = APPLIED.find((names) => names.kind === manifest['kind']);
  return { kind, name: typeof name === 'string' ? name : '', manifest, where, explain };
}

/** What a value declares: of a sequence or a list of objects, what its items do. */
function expand(
  source: string,
  document: SourceDocument,
  value: unknown,
  at: FieldPath,
): Declared[] {
  const inner = (items: readonly unknown[], path: FieldPath): Declared[] =>
    items.flatMap((item, index) => expand(source, document, item, [...path, index]));
  if (Array.isArray(value)) return inner(value, at);
  const { kind, items } = isJsonObject(value) ? value : {};
  const isList = typeof kind === 'string' && kind.endsWith('List');
  if (isList && Array.isArray(items)) return inner(items, [...at, 'items']);
  return [declare(source, document, value, at)];
}

const shown = (value: unknown): string =>
  `"${printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}"`;

const KINDS = APPLIED.map(({ kind }) => `"${kind}"`)
  .toSorted()
  .join(' or ');

/** What is there instead of what was expected. */
const misfit = (what: string, value: unknown, expected: string): string =>
  value === undefined
    ? `Required value: expected ${expected}`
    : `Unknown ${what} ${shown(value)}; expected ${expected}`;

/** Why something cannot be declared; the server says what is wrong inside of an object. */
function kindProblem({ kind, manifest, name, explain }: Declared): string | undefined {
  if (kind === undefined) return explain('kind', misfit('kind', manifest['kind'], KINDS));
  const { apiVersion } = manifest;
  const expected = apiVersionOf(kind);
  if (apiVersion !== expected)
    return explain('apiVersion', misfit('version', apiVersion, `"${expected}"`));
  return name === '' ? explain('metadata.name', 'Required value') : undefined;
}

const isDeclared = (one: Declared): one is DeclaredObject => kindProblem(one) === undefined;

async function readSource({ name: source, text }: Source): Promise<DeclaredObjects> {
  const { readDocuments } = await import('../lib/yaml.js');
  const { formatPath } = await import('../lib/field-path.js');
  const { documents, problems } = readDocuments(text);
  const declared = documents.flatMap((document) => expand(source, document, document.value, []));
  const wrong = declared.flatMap((one) => kindProblem(one) ?? []);
  return {
    objects: declared.filter(isDeclared),
    problems: [
      ...problems.map((problem) => {
        const path = formatPath(problem.path);
        const message = path === '' ? problem.message : `${path}: ${problem.message}`;
        return `${placeOf(source, problem)}: ${message}`;
      }),
      ...wrong,
    ],
  };
}

/** What is declared in texts, each object once, and all that is wrong with the texts. */
export async function readDeclared(sources: readonly Source[]): Promise<DeclaredObjects> {
  const read = await Promise.all(sources.map(readSource));
  const declared = read.flatMap(({ objects }) => objects);
  const first = new Map<string, DeclaredObject>();
  for (const one of declared) if (!first.has(nameOf(one))) first.set(nameOf(one), one);
  const repeated = declared.flatMap((one) => {
    const before = first.get(nameOf(one));
    return before === undefined || before === one ? [] : [repetition(one, before)];
  });
  const problems = read.flatMap((one) => one.problems);
  return { objects: [...first.values()], problems: [...problems, ...repeated] };
}

/** In the order of the texts, but for what has to be there first: secrets and policies before modules. */
export const inApplyOrder = (objects: readonly DeclaredObject[]): readonly DeclaredObject[] =>
  APPLIED.flatMap((kind) => objects.filter((one) => one.kind === kind));

const nameOf = ({ kind, name }: DeclaredObject): string => qualifiedName(kind, name);

function repetition({ kind, name, explain }: DeclaredObject, before: Declared): string {
  const place = before.where('metadata.name');
  const what = `${kind.kind} "${printable(name)}"`;
  return explain('metadata.name', `${what} is declared at ${place} already`);
}

const byPosition = new Intl.Collator('en', { numeric: true }).compare;

/** The lines that tell a person where in the text the server found what is wrong. */
export function explainError(declared: Declared, error: unknown): readonly string[] | undefined {
  const causes: readonly Cause[] =
    error instanceof RegistrarError ? (error.details.causes ?? []) : [];
  if (causes.length === 0) return undefined;
  return causes.map(({ field, message }) => declared.explain(field, message)).toSorted(byPosition);
}
