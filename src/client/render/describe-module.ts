import type { Condition } from '../../model/conditions.js';
import type { ContainerStatus, Module } from '../../model/module.js';
import { CONFIG_FILE_ANNOTATION } from '../../model/names.js';
import { LAST_APPLIED } from '../last-applied.js';
import { ageOf } from '../../lib/duration.js';
import { eventsSection, field, pairs, section } from './description.js';
import type { Shown } from './object-table.js';

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

function image({ spec, status }: Module): string[] {
  const parts: [string, string | undefined][] = [
    ['Image', status.imageReference ?? spec.image],
    ['Digest', status.imageDigest],
    ['Revision', status.currentRevision],
  ];
  return parts.map(([label, value]) => field(label, value || '<none>'));
}

/** All that is known of one module, for a person; `now` in milliseconds since 1970. */
export function renderDescription(module: Module, events: Shown, now: number): string {
  const { conditions, containers } = module.status;
  return [
    ...head(module),
    ...image(module),
    section('Conditions', [
      ['TYPE', 'STATUS', 'REASON', 'SINCE', 'MESSAGE'],
      ...conditions.map(conditionRow(now)),
    ]),
    section('Containers', [
      ['SLOT', 'NAME', 'STATE', 'HEALTH', 'RESTARTS', 'STARTED', 'LAST EXIT'],
      ...containers.map(containerRow(now)),
    ]),
    eventsSection(events),
  ].join('\n');
}
