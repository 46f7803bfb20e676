import { sameJson } from '../../lib/same-json.js';
import { moduleReference } from '../../model/event.js';
import type { NewEvent } from '../../model/event.js';
import type { Module } from '../../model/module.js';
import type { Candidate, GateResult, UpdatesStatus } from '../../model/updates-status.js';
import type { ReconcileContext } from '../context.js';
import { memoryOf } from '../../model/updates-memory.js';
import { labelOf } from './label.js';

type Said = Pick<NewEvent, 'type' | 'reason' | 'message'>;

/** Records what is new since the status that is stored. */
export function tellUpdates(
  stored: Module,
  after: UpdatesStatus,
  { record }: Pick<ReconcileContext, 'record'>,
): void {
  const about = moduleReference(stored.metadata.name, stored.metadata.uid);
  for (const said of changesIn(memoryOf(stored), after)) record({ about, ...said });
}

function changesIn(before: UpdatesStatus | undefined, after: UpdatesStatus): Said[] {
  return [
    ...found(before, after),
    ...taken(before, after),
    ...refused(before, after),
    ...gated(before, after),
    ...(before?.problem === undefined && after.problem !== undefined
      ? [{ type: 'Warning', reason: 'LookFailed', message: after.problem.message } as const]
      : []),
  ];
}

const isSame = (a: Candidate, b: Candidate): boolean => a.id === b.id && a.name === b.name;

/** Of many at once only the newest. */
function found(before: UpdatesStatus | undefined, { candidates }: UpdatesStatus): Said[] {
  const newest = candidates.at(-1);
  if (newest === undefined) return [];
  if (before?.candidates.some((one) => isSame(one, newest)) === true) return [];
  const message = `Found ${labelOf(newest)}`;
  return [{ type: 'Normal', reason: 'UpdateFound', message }];
}

function taken(before: UpdatesStatus | undefined, { current }: UpdatesStatus): Said[] {
  if (current === undefined || current.id === before?.current?.id) return [];
  const message = `Takes up ${labelOf(current)}, first seen ${current.firstSeenAt}`;
  return [{ type: 'Normal', reason: 'UpdateTaken', message }];
}

function refused(before: UpdatesStatus | undefined, { candidates }: UpdatesStatus): Said[] {
  return candidates.flatMap((one) => {
    if (one.refused === undefined) return [];
    const known = before?.candidates.find((other) => isSame(other, one));
    if (known?.refused !== undefined) return [];
    const message = `Does not take up ${labelOf(one)}: ${one.refused.message}`;
    return [{ type: 'Warning', reason: 'UpdateRefused', message } as const];
  });
}

function gated(before: UpdatesStatus | undefined, { candidates }: UpdatesStatus): Said[] {
  return candidates.flatMap((one) => {
    const known = before?.candidates.find((other) => isSame(other, one));
    if (one.gate === undefined || sameJson(one.gate, known?.gate)) return [];
    return gateSaid(labelOf(one), one.gate);
  });
}

const gateSaid = (label: string, { passed, message }: GateResult): Said =>
  passed
    ? { type: 'Normal', reason: 'GatePassed', message: `Lets ${label} pass: ${message}` }
    : { type: 'Warning', reason: 'GateFailed', message: `Holds ${label}: ${message}` };
