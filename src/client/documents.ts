import { printable } from '../lib/printable.js';
import type { FieldPath } from '../lib/field-path.js';
import type { SourceDocument, TextProblem } from '../lib/source-document.js';
import { RegistrarError } from '../model/errors.js';
import type { Cause } from '../model/errors.js';
import { API_VERSION } from '../model/names.js';
import { parsePath } from './parse-path.js';
import type { Source } from './sources.js';
import { isJsonObject } from '../lib/merge-patch.js';
import type { JsonObject } from '../lib/merge-patch.js';

/** One module as declared in a text. */
export interface Declared {
  /** `metadata.name`; empty when there is none. */
  readonly name: string;
  readonly manifest: JsonObject;
  /** `file:line:column` of a field of the manifest. */
  readonly where: (field: string) => string;
  /** `file:line:column: path: message` for a field of the manifest. */
  readonly explain: (field: string, message: string) => string;
}

export interface DeclaredModules {
  readonly modules: readonly Declared[];
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
  return { name: typeof name === 'string' ? name : '', manifest, where, explain };
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

/** Why something is no Module; the server says what is wrong inside of one. */
function kindProblem({ manifest, name, explain }: Declared): string | undefined {
  const { apiVersion, kind } = manifest;
  if (kind === undefined) return explain('kind', 'Required value: expected "Module"');
  if (kind !== 'Module') return explain('kind', `Unknown kind ${shown(kind)}; expected "Module"`);
  if (apiVersion !== API_VERSION)
    return explain(
      'apiVersion',
      apiVersion === undefined
        ? `Required value: expected "${API_VERSION}"`
        : `Unknown version ${shown(apiVersion)}; expected "${API_VERSION}"`,
    );
  return name === '' ? explain('metadata.name', 'Required value') : undefined;
}

async function readDeclared({ name: source, text }: Source): Promise<DeclaredModules> {
  const { readDocuments } = await import('../lib/yaml.js');
  const { formatPath } = await import('../lib/field-path.js');
  const { documents, problems } = readDocuments(text);
  const declared = documents.flatMap((document) => expand(source, document, document.value, []));
  const wrong = declared.flatMap((one) => kindProblem(one) ?? []);
  return {
    modules: declared.filter((one) => kindProblem(one) === undefined),
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

/** The modules declared in texts, each name once, and all that is wrong with the texts. */
export async function readModules(sources: readonly Source[]): Promise<DeclaredModules> {
  const read = await Promise.all(sources.map(readDeclared));
  const declared = read.flatMap(({ modules }) => modules);
  const first = new Map<string, Declared>();
  for (const one of declared) if (!first.has(one.name)) first.set(one.name, one);
  const repeated = declared.flatMap((one) => {
    const before = first.get(one.name);
    return before === undefined || before === one ? [] : [repetition(one, before)];
  });
  const problems = read.flatMap((one) => one.problems);
  return { modules: [...first.values()], problems: [...problems, ...repeated] };
}

function repetition({ name, explain }: Declared, before: Declared): string {
  const place = before.where('metadata.name');
  return explain('metadata.name', `Module "${printable(name)}" is declared at ${place} already`);
}

const byPosition = new Intl.Collator('en', { numeric: true }).compare;

/** The lines that tell a person where in the text the server found what is wrong. */
export function explainError(declared: Declared, error: unknown): readonly string[] | undefined {
  const causes: readonly Cause[] =
    error instanceof RegistrarError ? (error.details.causes ?? []) : [];
  if (causes.length === 0) return undefined;
  return causes.map(({ field, message }) => declared.explain(field, message)).toSorted(byPosition);
}
