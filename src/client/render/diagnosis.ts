import type { Diagnosis } from '../../local/doctor/check.js';
import { safeText } from '../terminal.js';

const WORDS = { ok: 'ok', warning: 'warning', problem: 'PROBLEM', unknown: 'not checked' } as const;

/** A line for each check, and below what is not well what to do about it. */
export function renderDiagnoses(diagnoses: readonly Diagnosis[]): string {
  const idWidth = Math.max(...diagnoses.map(({ id }) => id.length));
  const wordWidth = Math.max(...Object.values(WORDS).map((word) => word.length));
  const indent = ' '.repeat(wordWidth + idWidth + 4);
  return diagnoses
    .flatMap(({ id, state, message, remedy }) => [
      `${WORDS[state].padEnd(wordWidth)}  ${id.padEnd(idWidth)}  ${safeText(message)}`,
      ...(remedy === undefined ? [] : [`${indent}${safeText(remedy)}`]),
    ])
    .join('\n');
}
