import { ageOf } from '../../lib/duration.js';
import { printable } from '../../lib/printable.js';
import type { Candidate, GateResult, UpdatesStatus } from '../../model/updates-status.js';
import { field, indent, section } from './description.js';

const SHORT_COMMIT = 12;

/** A commit in the length that people read; a digest as it is. */
const shown = (id: string): string => (id.includes(':') ? id : id.slice(0, SHORT_COMMIT));

const orNone = (text: string): string => text || '<none>';

const gateOf = (gate: GateResult | undefined): string => {
  if (gate === undefined) return '';
  return gate.passed ? 'passed' : `failed (${gate.failures})`;
};

/** Why the newest candidate that failed at its gate did, with what its command wrote last. */
function gateLines(candidates: readonly Candidate[]): string[] {
  const failed = candidates.findLast(({ gate }) => gate?.passed === false);
  if (failed?.gate === undefined) return [];
  const { message, log } = failed.gate;
  const lines = log.map((line) => indent(printable(line)));
  return [field('Gate', `${shown(failed.id)}: ${message}`), ...lines];
}

const candidateRow = (now: number) => (candidate: Candidate) => [
  shown(candidate.id),
  candidate.name.replace(/^refs\/(?:heads|tags)\//, ''),
  orNone(candidate.version),
  ageOf(candidate.firstSeenAt, now),
  gateOf(candidate.gate),
  candidate.refused?.message ?? '',
];

/** What is followed, what was taken up, and what may be, the newest first. */
export function updatesSection(updates: UpdatesStatus, now: number): string[] {
  const { follows, lookedAt, current, candidates } = updates;
  return [
    field('Follows', follows),
    field('Looked', lookedAt === undefined ? '<never>' : `${ageOf(lookedAt, now)} ago`),
    ...(current === undefined
      ? []
      : [field('Taken up', `${shown(current.id)} ${ageOf(current.takenAt, now)} ago`)]),
    section('Candidates', [
      ['ID', 'FOUND UNDER', 'VERSION', 'FIRST SEEN', 'GATE', 'REFUSED'],
      ...candidates.toReversed().map(candidateRow(now)),
    ]),
    ...gateLines(candidates),
  ];
}
