import type { Report } from '../../kinds/report/schema.js';
import { printable } from '../../lib/printable.js';
import { blocks, warns } from '../../model/verdict.js';
import type { CheckResult, Problem, Severity } from '../../model/verification.js';
import { indent } from './description.js';
import { table } from './table.js';

type Results = readonly CheckResult[];

/** Where a problem is: `spec.ports[0].hostPort`, `src/run.py:12`, or `web.yaml:9 spec.image`. */
export function placeOf({ field, file, line }: Problem): string {
  const place = [file, line].filter((part) => part !== undefined).join(':');
  return [place, field].filter((part) => part !== undefined && part !== '').join(' ');
}

const verdictOf = (result: CheckResult): string => (blocks(result) ? 'blocks' : 'warns');

/** What a check found, a row for each thing. */
function rowsOf(result: CheckResult): string[][] {
  const { check, severity, problems, omitted = 0 } = result;
  const verdict = verdictOf(result);
  const rows = problems.map((problem) => [
    ...[verdict, severity, check, printable(placeOf(problem)), printable(problem.message, 200)],
  ]);
  return omitted === 0 ? rows : [...rows, [verdict, severity, check, '', `and ${omitted} more`]];
}

/** Checks that could not look for the same reason are one row. */
function missedRows(results: Results): string[][] {
  const byReason = new Map<string, CheckResult[]>();
  for (const result of results) {
    const { reason = '' } = result;
    byReason.set(reason, [...(byReason.get(reason) ?? []), result]);
  }
  return [...byReason].flatMap(([reason, same]) => {
    const [first] = same;
    if (first === undefined) return [];
    const what = same.length === 1 ? first.check : `${same.length} checks`;
    return [[verdictOf(first), worst(same), what, '', `could not look: ${printable(reason, 300)}`]];
  });
}

/** The list in the model comes with its schemas, which take long to load. */
const WORST_FIRST: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

const worst = (results: Results): string =>
  WORST_FIRST.find((severity) => results.some((one) => one.severity === severity)) ?? '';

const TITLES = ['VERDICT', 'SEVERITY', 'CHECK', 'WHERE', 'WHAT'];

/** What somebody has to know, what blocks first; empty when there is nothing to know. */
export function reportTable(results: Results): string {
  const rows = [results.filter(blocks), results.filter(warns)].flatMap((told) => [
    ...told.filter(({ result }) => result === 'failed').flatMap(rowsOf),
    ...missedRows(told.filter(({ result }) => result !== 'failed')),
  ]);
  return rows.length === 0 ? '' : table([TITLES, ...rows]);
}

/** What a report says that somebody has to know: what blocks, and then what is only told. */
export function reportSection({
  metadata,
  spec,
}: Pick<Report, 'spec'> & { readonly metadata: { readonly name: string } }): string {
  const { results } = spec;
  const passed = results.filter(({ result }) => result === 'passed').length;
  const policy = spec.policy.name ?? 'no policy';
  const title = `Verification:  ${passed} of ${results.length} checks passed by ${policy}, report ${metadata.name}`;
  const told = reportTable(results);
  return told === '' ? title : `${title}\n${indent(told)}`;
}
