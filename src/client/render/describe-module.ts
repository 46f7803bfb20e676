import type { Condition } from '../../model/condition.js';
import type { Module } from '../../model/module.js';
import type { ContainerStatus } from '../../model/module-status.js';
import { CONFIG_FILE_ANNOTATION } from '../../model/names.js';
import { LAST_APPLIED } from '../last-applied.js';
import type { Rollout } from '../../kinds/rollout/schema.js';
import type { Report } from '../../kinds/report/schema.js';
import { ageOf } from '../../lib/duration.js';
import { eventsSection, field, pairs, section } from './description.js';
import type { Shown } from './object-table.js';
import { reportSection } from './report.js';
import { rolloutSection } from './rollout.js';
import { updatesSection } from './updates.js';

const conditionRow = (now: number) => (condition: Condition) => [
  condition.type,
  condition.status,
  condition.reason,
  ageOf(condition.lastTransitionTime, now),
  condition.message,
];

function lastExitOf({ lastExit }: ContainerStatus, now: number): string {
  if (lastExit === undefined) return '<none>';
  const { reason, code, at, message } = lastExit;
  const why = message === undefined ? '' : `: ${message}`;
  return `${reason} (${code}), ${ageOf(at, now)} ago${why}`;
}

const containerRow = (now: number) => (container: ContainerStatus) => [
  String(container.slot),
  container.name,
  container.state,
  container.health,
  String(container.restarts),
  container.startedAt === undefined ? '<none>' : ageOf(container.startedAt, now),
  lastExitOf(container, now),
];

/** Why containers are unhealthy, and what comes of it; nothing when all are well. */
function unhealthySection(containers: readonly ContainerStatus[], now: number): string[] {
  const rows = containers.flatMap(({ slot, unhealthySince, retryAt, healthMessage }) => {
    if (healthMessage === undefined) return [];
    const since = unhealthySince === undefined ? '<unknown>' : ageOf(unhealthySince, now);
    const isDue = retryAt === undefined || Date.parse(retryAt) <= now;
    return [[String(slot), since, isDue ? 'now' : retryAt, healthMessage]];
  });
  return rows.length === 0 ? [] : [section('Unhealthy', [UNHEALTHY_TITLES, ...rows])];
}

const UNHEALTHY_TITLES = ['SLOT', 'SINCE', 'RESTARTED AT', 'WHY'];

function head({ metadata, spec, status }: Module): string[] {
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations ?? {};
  const file = annotations[CONFIG_FILE_ANNOTATION];
  return [
    field('Name', metadata.name),
    pairs('Labels', metadata.labels ?? {}),
    pairs('Annotations', annotations),
    ...(file === undefined ? [] : [field('Declared in', file)]),
    field('Created', metadata.creationTimestamp),
    ...(metadata.deletionTimestamp === undefined
      ? []
      : [field('Deleting', `since ${metadata.deletionTimestamp}`)]),
    field('Generation', `${metadata.generation} (observed ${status.observedGeneration})`),
    field('Version', spec.version),
    field('Type', spec.type),
    ...(spec.description === '' ? [] : [field('Description', spec.description)]),
    field('Phase', status.phase),
    field(
      'Replicas',
      `${spec.replicas} wanted, ${status.replicas} exist, ${status.readyReplicas} ready`,
    ),
  ];
}

const sourceOf = ({ repoUrl, branch }: NonNullable<Module['spec']['source']>): string =>
  `${repoUrl} ${branch}`;

function image({ spec, status }: Module): string[] {
  const parts: [string, string | undefined][] = [
    ...(spec.source === undefined ? [] : [['Source', sourceOf(spec.source)] as [string, string]]),
    ['Commit', status.commit],
    ['Image', status.imageReference ?? spec.image],
    ['Digest', status.imageDigest],
    ['Revision', status.currentRevision],
  ];
  return parts.map(([label, value]) => field(label, value || '<none>'));
}

/** What is told beside the module itself. */
interface Context {
  readonly events: Shown;
  /** Undefined while nothing was verified. */
  readonly report: Report | undefined;
  /** Of its rollouts, oldest first. */
  readonly receipts: readonly Rollout[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** All that is known of one module, for a person. */
export function renderDescription(
  module: Module,
  { events, report, receipts, now }: Context,
): string {
  const { conditions, containers, updates } = module.status;
  return [
    ...head(module),
    ...image(module),
    section('Conditions', [
      ['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE'],
      ...conditions.map(conditionRow(now)),
    ]),
    ...(updates === undefined ? [] : updatesSection(updates, now)),
    ...rolloutSection(module, receipts, now),
    ...(report === undefined ? [] : [reportSection(report)]),
    section('Containers', [
      ['SLOT', 'NAME', 'STATE', 'HEALTH', 'RESTARTS', 'STARTED', 'LAST EXIT'],
      ...containers.map(containerRow(now)),
    ]),
    ...unhealthySection(containers, now),
    eventsSection(events),
  ].join('\n');
}
