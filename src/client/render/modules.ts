import { formatAge } from '../../lib/duration.js';
import type { Module } from '../../model/module.js';

const HEADER = ['NAME', 'VERSION', 'TYPE', 'PHASE', 'READY', 'RESTARTS', 'AGE'];
const WIDE_HEADER = ['IMAGE', 'REVISION', 'MESSAGE'];

/** Time since an RFC 3339 time as kubectl shows it; `<unknown>` without one. */
export function ageOf(time: string | undefined, now: number): string {
  const since = Date.parse(time ?? '');
  return Number.isNaN(since) ? '<unknown>' : formatAge(now - since);
}

const orNone = (text: string | undefined): string => text || '<none>';

/** Why the module is not ready, or empty. */
function messageOf({ status }: Module): string {
  const wrong = status.conditions.filter(({ type, status: value }) =>
    type === 'Ready' ? value !== 'True' : ['Stalled', 'ConfigStale'].includes(type),
  );
  const worst = wrong.find(({ type }) => type !== 'Ready') ?? wrong[0];
  return worst?.message ?? '';
}

function wideCells(module: Module): string[] {
  const { imageReference, currentRevision } = module.status;
  return [orNone(imageReference ?? module.spec.image), orNone(currentRevision), messageOf(module)];
}

export function moduleHeader(wide: boolean): string[] {
  return wide ? [...HEADER, ...WIDE_HEADER] : HEADER;
}

/** Cells of one module; `now` in milliseconds since 1970. */
export function moduleRow(module: Module, wide: boolean, now: number): string[] {
  const { metadata, spec, status } = module;
  const cells = [
    metadata.name,
    spec.version,
    spec.type,
    metadata.deletionTimestamp === undefined ? status.phase : 'Terminating',
    `${status.readyReplicas}/${spec.suspend ? 0 : spec.replicas}`,
    String(status.restarts),
    ageOf(metadata.creationTimestamp, now),
  ];
  return wide ? [...cells, ...wideCells(module)] : cells;
}
