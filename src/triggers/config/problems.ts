import { isRegistrarError } from '../../model/errors.js';
import type { ObjectKey } from '../../model/kinds.js';
import type { ConfigAction } from './action.js';
import type { Refusal } from './apply.js';
import type { ConfigPlan } from './plan.js';
import type { ConfigFile, ConfigSnapshot } from './snapshot.js';
import type { FileProblem } from './status.js';

/** One line about a file. */
type FileError = readonly [file: string, error: string];

/** The directory itself, among its files. */
export const DIRECTORY = '.';

/**
 * What is wrong with which file, sorted by file. A conflict with a file in change is told if it
 * was told before.
 */
export function problemsOf(
  snapshot: ConfigSnapshot,
  plan: ConfigPlan,
  refusals: readonly Refusal[],
  before: readonly FileProblem[],
): FileProblem[] {
  const { directory } = snapshot;
  if (directory.kind !== 'present') return grouped([[DIRECTORY, `.: ${directory.message}`]]);
  const told = new Set(before.flatMap(({ errors }) => errors));
  const conflicts = plan.actions.flatMap((action) => conflictErrors(action, told));
  return grouped([...invalidErrors(snapshot), ...conflicts, ...refusals.flatMap(refusalErrors)]);
}

function invalidErrors({ files }: ConfigSnapshot): FileError[] {
  return [...files].flatMap(([path, file]) =>
    errorsOf(path, file).map((error) => [path, error] as const),
  );
}

/** Why a file cannot be used, one line each; empty when it can. */
export function errorsOf(path: string, { content, restless }: ConfigFile): readonly string[] {
  const errors = content.kind === 'invalid' ? content.errors : [];
  return restless ? [...errors, `${path}: ${RESTLESS}`] : errors;
}

const RESTLESS = 'Keeps changing; write another file and rename it when it is complete';

function conflictErrors(action: ConfigAction, told: ReadonlySet<string>): FileError[] {
  if (action.kind !== 'conflict') return [];
  const { declaration, object, owner } = action;
  const { file, line } = declaration;
  const remedy = owner === undefined ? API_OWNED : `belongs to file "${owner}"; ${ONE_FILE}`;
  const error = `${file}:${line}:1: metadata.name: ${shown(object)} ${remedy}`;
  return action.settled || told.has(error) ? [[file, error]] : [];
}

/** `Module "web"` */
const shown = ({ kind, name }: ObjectKey): string => `${kind} "${name}"`;

const API_OWNED =
  'was created through the API and stays as it is; delete it there, or remove it from this file';
const ONE_FILE = 'remove it from one of the two';

/** Somebody else changed the same object at the same time: the next plan knows. */
export function isRace({ error }: Refusal): boolean {
  return isRegistrarError(error, 'CONFLICT', 'ALREADY_EXISTS', 'NOT_FOUND');
}

function refusalErrors(refusal: Refusal): FileError[] {
  const { action, error } = refusal;
  if (isRace(refusal)) return [];
  const what = action.kind === 'delete' ? 'deleted' : 'stored';
  const text = `${shown(action.object)} could not be ${what}: ${error.message}`;
  if (action.kind === 'create' || action.kind === 'update') {
    const { file, line } = action.declaration;
    return [[file, `${file}:${line}:1: ${text}`]];
  }
  const hasFile = action.kind === 'delete' || action.kind === 'hold';
  return hasFile ? [[action.file, `${action.file}: ${text}`]] : [];
}

function grouped(errors: readonly FileError[]): FileProblem[] {
  const files = new Map<string, string[]>();
  for (const [file, error] of errors) {
    const lines = files.get(file);
    if (lines === undefined) files.set(file, [error]);
    else lines.push(error);
  }
  const sorted = [...files].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([file, lines]) => ({ file, errors: lines }));
}

/** The first of some errors on one line, with the number of the others. */
export function summary(errors: readonly string[]): string {
  const [first = '', ...others] = errors;
  return others.length === 0 ? first : `${first} (and ${others.length} more)`;
}
