import type { Revision } from '../../kinds/revision/schema.js';
import type { Evidence, Rollout } from '../../kinds/rollout/schema.js';
import { changesBetween } from '../../lib/field-changes.js';
import { ageOf, formatAge } from '../../lib/duration.js';
import { printable } from '../../lib/printable.js';
import type { Module } from '../../model/module.js';
import { shortRevision } from '../../model/owner.js';
import { revisionParts } from '../../model/revision-parts.js';
import type { Records } from '../rollouts/records.js';
import { field, indent, section } from './description.js';
import { renderChange } from './plan.js';
import { table } from './table.js';

const NONE = '<none>';

/** What was seen when a rollout failed, a line each. */
export function evidenceLines({ container, state, health, exitCode, log }: Evidence): string[] {
  const seen = `Container ${printable(container)} was ${state} with exit code ${exitCode}, health ${health}`;
  if (log.length === 0) return [`${seen}; it printed nothing`];
  return [`${seen}; it last printed:`, ...log.map((line) => `  ${printable(line)}`)];
}

type Status = Pick<Module, 'status'>;

/** All that is recorded of the changes of a module: what was tried, and what can be gone back to. */
export function renderHistory(
  module: Status,
  { receipts, revisions }: Records,
  now: number,
): string {
  return [
    'Rollouts:',
    receipts.length === 0 ? NONE : table([RECEIPT_TITLES, ...receipts.map(receiptRow(now))]),
    '',
    'Revisions:',
    revisions.length === 0
      ? NONE
      : table([REVISION_TITLES, ...revisions.map(revisionRow(module, now))]),
  ].join('\n');
}

const RECEIPT_TITLES = [
  'ROLLOUT',
  'FROM',
  'TO',
  'VERSION',
  'STATE',
  'AGE',
  'TOOK',
  'ACTOR',
  'CHANGE',
];

const receiptRow =
  (now: number) =>
  ({ spec }: Rollout): string[] => [
    ...[String(spec.number), spec.from === undefined ? NONE : shortRevision(spec.from)],
    ...[shortRevision(spec.to), spec.version, stateOf(spec), ageOf(spec.startedAt, now)],
    ...[spec.endedAt === undefined ? '' : tookOf(spec.startedAt, spec.endedAt)],
    ...[spec.actor, spec.cause],
  ];

const stateOf = ({ state, reason }: Rollout['spec']): string =>
  reason === undefined ? state : `${state}: ${reason}`;

const tookOf = (from: string, to: string): string => formatAge(Date.parse(to) - Date.parse(from));

const REVISION_TITLES = ['REVISION', 'HASH', 'VERSION', 'COMMIT', 'IMAGE', 'AGE', 'STATE'];

const revisionRow =
  (module: Status, now: number) =>
  ({ metadata, spec }: Revision): string[] => [
    ...[String(spec.number), shortRevision(spec.revision), spec.version],
    ...[spec.commit === '' ? NONE : spec.commit.slice(0, 7), spec.image],
    ...[ageOf(metadata.creationTimestamp, now), roleOf(module, spec.revision)],
  ];

/** What a revision is to its module now. */
function roleOf({ status }: Status, revision: string): string {
  const { currentRevision, updatedRevision, quarantined = [] } = status;
  const failure = quarantined.find((one) => one.revision === revision);
  const roles = [
    ...(revision === currentRevision ? ['Current'] : []),
    ...(revision === updatedRevision && revision !== currentRevision ? ['Wanted'] : []),
    ...(failure === undefined ? [] : [`Quarantined: ${failure.reason}`]),
  ];
  return roles.join(', ');
}

/** One revision: what it runs, what makes it another than the one before, and what came of it. */
export function renderRevision(revision: Revision, { receipts, revisions }: Records): string {
  const { spec, metadata } = revision;
  const before = revisions.findLast((one) => one.spec.number < spec.number);
  const changes = before && changesBetween(revisionParts(before.spec), revisionParts(spec));
  return [
    field('Module', spec.module),
    field('Revision', String(spec.number)),
    field('Hash', spec.revision),
    field('Recorded', metadata.creationTimestamp),
    field('Version', spec.version),
    field('Commit', spec.commit || NONE),
    field('Image', spec.image),
    field('Digest', spec.imageDigest),
    'Template:',
    ...templateLines(spec.template),
    before === undefined
      ? 'Changes:  no revision before it is recorded'
      : `Changes from revision ${before.spec.number}:`,
    ...(changes ?? []).map((change) => renderChange(change, false)),
    ...receipts.filter((one) => one.spec.to === spec.revision).map(receiptText),
  ].join('\n');
}

/** Each field of what containers are made from that says something. */
const templateLines = (template: object): string[] =>
  changesBetween({}, template)
    .filter(({ to }) => !isEmpty(to))
    .map(({ path, to }) => `  ${printable(path)}: ${printable(JSON.stringify(to), LONGEST)}`);

const LONGEST = 1_000;

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

/** What came of one rollout. */
export function receiptText({ spec }: Rollout): string {
  const way = spec.from === undefined ? '' : ` from ${shortRevision(spec.from)}`;
  const head = `Rollout ${spec.number}${way} by ${printable(spec.actor)}, ${spec.order} (${printable(spec.because)}): ${spec.state}`;
  const why =
    spec.reason === undefined ? [] : [`${spec.reason}: ${printable(spec.message ?? '', LONGEST)}`];
  const times = `${spec.startedAt} to ${spec.endedAt ?? 'now'}`;
  const evidence = spec.evidence === undefined ? [] : evidenceLines(spec.evidence);
  return [head, indent([times, ...why, ...evidence].join('\n'))].join('\n');
}

/** Receipts that `describe` shows, the newest. */
const FEW = 3;

/** How the last rollout stands, what is not tried again, and what became of the last that failed. */
export function rolloutSection(
  { status }: Status,
  receipts: readonly Rollout[],
  now: number,
): string[] {
  const { rollout, quarantined = [] } = status;
  if (rollout === undefined) return [];
  const failed = receipts.filter(({ spec }) => spec.evidence !== undefined).slice(-FEW);
  return [
    section('Rollouts', [RECEIPT_TITLES, ...receipts.slice(-FEW).map(receiptRow(now))]),
    ...(quarantined.length === 0 ? [] : [section('Quarantined', quarantineRows(quarantined, now))]),
    ...(failed.length === 0 ? [] : [`Evidence:\n${indent(failed.map(receiptText).join('\n'))}`]),
  ];
}

const quarantineRows = (
  quarantined: NonNullable<Module['status']['quarantined']>,
  now: number,
): string[][] => [
  ['REVISION', 'REASON', 'SINCE', 'MESSAGE'],
  ...quarantined.map(({ revision, reason, at, message }) => [
    ...[shortRevision(revision), reason, ageOf(at, now), message],
  ]),
];
