import type { NewEvent, ObjectReference } from '../../model/event.js';
import { API_VERSION } from '../../model/names.js';
import { DIRECTORY, summary } from './problems.js';
import type { ConfigReport } from './report.js';

/** A file is no stored object: its name is its path, and it has no uid. */
function aboutFile(file: string): ObjectReference {
  return { apiVersion: API_VERSION, kind: 'ConfigFile', name: file, uid: '' };
}

/** What a report says that the one before did not: each problem is told once. */
export function newsOf(before: ConfigReport, now: ConfigReport): NewEvent[] {
  const told = new Map(before.problems.map(({ file, errors }) => [file, errors.join('\n')]));
  const problems = now.problems
    .filter(({ file, errors }) => told.get(file) !== errors.join('\n'))
    .map(({ file, errors }) => warning(file, 'ConfigFileInvalid', summary(errors)));
  const { held } = now;
  if (held === undefined || held.message === before.held?.message) return problems;
  return [...problems, warning(DIRECTORY, 'PruneHeld', held.message)];
}

function warning(file: string, reason: string, message: string): NewEvent {
  return { about: aboutFile(file), type: 'Warning', reason, message };
}
