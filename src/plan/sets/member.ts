import { sameJson } from '../../lib/same-json.js';
import { findCondition } from '../../model/conditions.js';
import { draftOf } from '../../model/draft.js';
import type { DraftFor } from '../../model/draft.js';
import type { Module, ModuleManifest } from '../../model/module.js';
import type { InstanceStatus, ModuleSet } from '../../model/module-set.js';

/** The module that an instance shall be. */
export interface Wanted {
  readonly instance: string;
  /** With defaults. */
  readonly manifest: ModuleManifest;
  /** Hash over the manifest. */
  readonly template: string;
}

/** Where an instance stands. */
export type Stage =
  /** Another module has the name. */
  | 'conflict'
  | 'missing'
  | 'terminating'
  /** Not as the template says. */
  | 'outdated'
  /** As the template says, and on its way to being well. */
  | 'under-way'
  /** Well, but not for long enough. */
  | 'baking'
  | 'done'
  /** As the template says and not well, though it was before. */
  | 'failed'
  /** The same, but it was not well before either: it says nothing about the template. */
  | 'given-up';

/** One instance: what it shall be, what it is, and what is remembered of it. */
export interface Member {
  readonly wanted: Wanted;
  /** Undefined when there is none that belongs to the set. */
  readonly module: Module | undefined;
  readonly stage: Stage;
  readonly memory: Memory;
  /** When time alone will change the stage, in milliseconds since 1970. */
  readonly until?: number;
}

export type Memory = Pick<InstanceStatus, 'template' | 'updatedAt' | 'readyBefore' | 'settledAt'>;

/** What is to be stored for a module of a set. */
export const stampedDraft = (
  { manifest }: Wanted,
  current: Module | undefined,
  { name, uid }: ModuleSet['metadata'],
): DraftFor<ModuleManifest> => draftOf(manifest, { current, set: { name, uid } });

/** Whether a module is as the set wants it. */
export function isCurrent(module: Module, wanted: Wanted, set: ModuleSet): boolean {
  const { spec, metadata } = stampedDraft(wanted, module, set.metadata);
  return sameJson(spec, module.spec) && sameJson(owned(metadata), owned(module.metadata));
}

const owned = ({ labels, annotations, ownerReferences }: ModuleManifest['metadata']) => ({
  ...{ labels, annotations, ownerReferences },
});

/** Whether the loop has acted on the newest spec of a module, and it is well or stopped on purpose. */
export function isSettled({ metadata, spec, status }: Module): boolean {
  if (status.observedGeneration < metadata.generation) return false;
  if (spec.suspend) return status.phase === 'Suspended';
  return status.phase === 'Running' && hasArrived(status);
}

/** Whether what runs is what the spec asks for: a module that went back to what ran before is not there. */
const hasArrived = ({ currentRevision, updatedRevision }: Module['status']): boolean =>
  updatedRevision === undefined || updatedRevision === currentRevision;

export const isReady = (module: Module): boolean =>
  findCondition(module.status.conditions, 'Ready')?.status === 'True';

/** Whether it is certain that a module does not come up with its newest spec. */
export function hasFailed({ metadata, status }: Module): boolean {
  if (status.observedGeneration < metadata.generation) return false;
  const isStalled = findCondition(status.conditions, 'Stalled')?.status === 'True';
  return isStalled || wentBack(status);
}

const wentBack = ({ rollout, updatedRevision }: Module['status']): boolean =>
  rollout !== undefined &&
  rollout.to === updatedRevision &&
  (rollout.state === 'RolledBack' || rollout.state === 'Failed');

/** Whether a module says that something is wrong, which may pass by itself. */
export const isTroubled = ({ status }: Module): boolean =>
  status.phase === 'Failed' || status.phase === 'Degraded';

/** Since when a module is not ready, in milliseconds since 1970; undefined when it is. */
export function unreadySince({ status }: Module): number | undefined {
  const ready = findCondition(status.conditions, 'Ready');
  if (ready === undefined || ready.status === 'True') return undefined;
  return Date.parse(ready.lastTransitionTime);
}
