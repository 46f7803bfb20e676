import { printable } from '../../lib/printable.js';
import type { VerifiedModule } from '../../local/verify/verify-module.js';
import type { ManifestProblem } from '../../manifest/parse.js';
import { blocks, warns, warnsOrBlocks } from '../../model/verdict.js';
import type { CheckResult } from '../../model/verification.js';
import { indent } from './description.js';
import { reportTable } from './report.js';
import { table } from './table.js';

/** What was found of modules as tables, with their names when there are several. */
export function renderVerified(modules: readonly VerifiedModule[]): string {
  const sections = modules.map(({ report }) => ({
    title: `module/${report.metadata.name}:`,
    rows: reportTable(report.spec.results),
  }));
  const told = sections.filter(({ rows }) => rows !== '');
  if (modules.length === 1) return told.map(({ rows }) => rows).join('');
  return told.map(({ title, rows }) => `${title}\n${indent(rows)}`).join('\n\n');
}

/** What there is to know of a module beside its table: by what, of what, how it ended, what to do. */
export function verifiedNotes(verified: VerifiedModule): string[] {
  const { report, notes } = verified;
  const { results } = report.spec;
  const module = `module/${report.metadata.name}`;
  return [
    `${module}: ${decidedBy(verified)}`,
    ...notes.map((note) => `${module}: ${printable(note, 1_000)}`),
    `${module}: ${countsOf(results)}`,
    ...remediesOf(results),
  ];
}

function decidedBy({ policy }: VerifiedModule): string {
  if (policy === undefined) return 'No policy decides; the checks are as they are by themselves';
  return `Policy "${policy.metadata.name}" of ${printable(policy.from)} decides`;
}

function countsOf(results: readonly CheckResult[]): string {
  const count = (counts: (one: CheckResult) => boolean): number => results.filter(counts).length;
  const blocking = count(blocks);
  const warnings = count(warns);
  const passed = count(({ result }) => result === 'passed');
  const verdict = blocking === 0 ? 'Nothing blocks it' : `${checks(blocking)} it from running`;
  return `${verdict}; ${warnings} with warnings, ${passed} passed`;
}

const checks = (count: number): string => (count === 1 ? '1 check keeps' : `${count} checks keep`);

function remediesOf(results: readonly CheckResult[]): string[] {
  const rows = results
    .filter(warnsOrBlocks)
    .flatMap(({ check, remedy }) => (remedy === undefined ? [] : [[check, remedy]]));
  return rows.length === 0 ? [] : ['What to do:', indent(table(rows))];
}

/** `web.yaml:3:5: spec.replicas: expected integer, found string "two"`. */
export function problemLine({ file, line, column, path, message }: ManifestProblem): string {
  const place = `${printable(file)}:${line}:${column}`;
  return [place, path, message].filter((part) => part !== '').join(': ');
}
