import type { Module } from '../../model/module.js';
import { UPDATE_NOW_ANNOTATION } from '../../model/names.js';
import { stableHash } from '../../model/stable-hash.js';
import type { Candidate, Taken, UpdatesStatus } from '../../model/updates-status.js';
import { timestamp } from '../../lib/clock.js';
import { candidatesAfter } from '../../plan/updates/candidates.js';
import type { Before, Sighting } from '../../plan/updates/candidates.js';
import type { Basis } from '../preparation/basis.js';
import { recordedCommit } from '../preparation/resolved-commit.js';
import { baseOf, memoryOf } from '../../model/updates-memory.js';
import type { Followed } from './followed.js';

/** What was taken up before the current one and is remembered. */
const MAX_RAN = 32;

/** Hash over what a person or a policy may change so that what was refused is looked at again. */
function occasionOf({ metadata }: Module, { policy }: Pick<Basis, 'policy'>): string {
  const { generation, annotations } = metadata;
  const urgent = annotations?.[UPDATE_NOW_ANNOTATION];
  return stableHash([generation, urgent, policy?.metadata.uid, policy?.metadata.generation]);
}

/**
 * What is remembered at the beginning of a pass. Another base begins anew; another occasion lifts
 * refusals and makes a look due.
 */
export function memoryFor(
  module: Module,
  followed: Followed,
  basis: Pick<Basis, 'policy'>,
): UpdatesStatus {
  const known = memoryOf(module);
  const occasion = occasionOf(module, basis);
  const follows = followed.text;
  if (known === undefined) {
    const fresh = { base: baseOf(module), occasion, follows, candidates: [], ran: [] };
    return { ...fresh, ...beginning(module, followed) };
  }
  const isSame = known.follows === follows;
  if (isSame && known.occasion === occasion) return known;
  const { lookedAt: _lookedAt, head: _head, problem: _problem, candidates, ...kept } = known;
  return { ...kept, occasion, follows, candidates: isSame ? candidates.map(lifted) : [] };
}

/** What was refused, or failed at its gate, is tried again. */
const lifted = ({ refused: _refused, gate, ...candidate }: Candidate): Candidate =>
  gate?.passed === true ? { ...candidate, gate } : candidate;

/** A branch that was looked up before it was followed goes on from there. */
function beginning(module: Module, { kind }: Followed): Pick<UpdatesStatus, 'current'> {
  const recorded = recordedCommit(module);
  if (kind !== 'branch' || recorded === undefined) return {};
  const { commit: id, ref: name, version, resolvedAt } = recorded;
  return { current: { id, name, version, firstSeenAt: resolvedAt, takenAt: resolvedAt } };
}

/** What runs, or is to run, before anything was taken up: what the spec asks for. */
export function currentOf(module: Module, { current }: UpdatesStatus): Before['current'] {
  if (current !== undefined) return current;
  const { spec, status } = module;
  if (spec.image === '') return { id: recordedCommit(module)?.commit ?? '', version: spec.version };
  const isRecorded = status.imageReference === spec.image && status.imageDigest !== undefined;
  return isRecorded ? { id: status.imageDigest ?? '', version: '' } : undefined;
}

/** What is remembered after a look that succeeded at `now`, in milliseconds since 1970. */
export function afterLook(
  module: Module,
  memory: UpdatesStatus,
  sighting: Sighting,
  now: number,
): UpdatesStatus {
  const { problem: _problem, ...kept } = memory;
  const before = { ...kept, current: currentOf(module, memory) };
  const looked = {
    ...kept,
    ...(sighting.kind === 'head' && { head: sighting.id }),
    candidates: candidatesAfter(before, sighting, now),
    lookedAt: timestamp(now),
  };
  const isFirst = memory.current === undefined && module.spec.image === '';
  const [first] = looked.candidates;
  // Nothing of a branch ran yet: what a person just asked to follow is taken as it is.
  return isFirst && sighting.kind === 'head' && first !== undefined
    ? withTaken(module, looked, first, now)
    : looked;
}

/** What is remembered once a candidate was taken up: older ones are no candidates any more. */
export function withTaken(
  module: Module,
  memory: UpdatesStatus,
  candidate: Candidate,
  now: number,
): UpdatesStatus {
  const { id, name, version, firstSeenAt } = candidate;
  const current: Taken = { id, name, version, firstSeenAt, takenAt: timestamp(now) };
  const before = currentOf(module, memory)?.id ?? '';
  const at = memory.candidates.findIndex((one) => one.id === id && one.name === name);
  return {
    ...memory,
    current,
    candidates: memory.candidates.slice(at + 1),
    ran: [...memory.ran, ...(before === '' ? [] : [before])].slice(-MAX_RAN),
  };
}

/** The same with something noted of one candidate. */
export function withNote(
  memory: UpdatesStatus,
  { id, name }: Candidate,
  note: Partial<Pick<Candidate, 'refused' | 'imageId' | 'gate'>>,
): UpdatesStatus {
  const isMeant = (one: Candidate): boolean => one.id === id && one.name === name;
  const candidates = memory.candidates.map((one) => (isMeant(one) ? { ...one, ...note } : one));
  return { ...memory, candidates };
}
