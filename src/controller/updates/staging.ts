import { findCondition } from '../../model/conditions.js';
import type { Module } from '../../model/module.js';
import type { ModuleSet } from '../../model/module-set.js';
import { owningSet } from '../../model/owner.js';
import { memoryOf } from '../../model/updates-memory.js';
import type { UpdatesStatus } from '../../model/updates-status.js';
import { isReady, isSettled } from '../../plan/sets/member.js';
import type { Peer, Staging } from '../../plan/updates/turn.js';
import type { Registry } from '../../registry/registry.js';
import { findRevision } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import { wantsContainers } from '../desired.js';
import { followedOf } from './followed.js';
import { currentOf } from './memory.js';

type Parts = Pick<ReconcileContext, 'registry' | 'begun'>;

/**
 * How the set of a module takes up what is new; undefined when each module does so by itself.
 * `memory` is what following of the module itself found by now.
 */
export function stagingOf(
  module: Module,
  memory: UpdatesStatus,
  { registry, begun }: Parts,
): Staging | undefined {
  const { name } = module.metadata;
  const set = registry.get('ModuleSet', owningSet(module.metadata) ?? '')?.object;
  if (set === undefined || set.spec.rollout.updates !== 'OneFirst') return undefined;
  const { bakeSeconds, maxUnavailable, paused } = set.spec.rollout;
  const peers = membersOf(set, registry).filter((one) => followsTheSame(one, module));
  const own = peers.findIndex((one) => one.metadata.name === name);
  const peerOf = (one: Module): Peer => asPeer(one, { registry, begun });
  return {
    ...{ set: set.metadata.name, bakeMs: bakeSeconds * 1000, atOnce: maxUnavailable },
    ...{ isPaused: paused, self: asPeer(module, { registry, begun }, memory) },
    before: peers.slice(0, Math.max(0, own)).map(peerOf),
    after: peers.slice(own + 1).map(peerOf),
  };
}

/** The modules of a set in the order of its instances; those that it has not seen yet are last. */
function membersOf({ metadata, status }: ModuleSet, registry: Pick<Registry, 'list'>): Module[] {
  const places = new Map(status.instances.map(({ module }, place) => [module, place]));
  const placeOf = (module: Module): number => places.get(module.metadata.name) ?? places.size;
  return registry
    .list('Module')
    .items.map(({ object }) => object)
    .filter((one) => owningSet(one.metadata) === metadata.name)
    .toSorted((a, b) => placeOf(a) - placeOf(b));
}

function followsTheSame(one: Module, module: Module): boolean {
  return wantsContainers(one) && followedOf(one)?.text === followedOf(module)?.text;
}

function asPeer(
  module: Module,
  { registry, begun }: Parts,
  memory: UpdatesStatus | undefined = memoryOf(module),
): Peer {
  const { metadata, spec, status } = module;
  const known = memory ?? { ran: [], candidates: [], base: '', occasion: '', follows: '' };
  const current = currentOf(module, known)?.id || undefined;
  return {
    name: metadata.name,
    current: begun.get(metadata.name) ?? current,
    wellSince: begun.has(metadata.name) ? undefined : wellSince(module, known, current),
    ran: known.ran,
    failed: quarantinedIn(module, registry),
    isServing: status.readyReplicas >= spec.replicas,
  };
}

/** Since when what was taken up last runs and is well; the new containers may be on their way yet. */
function wellSince(
  module: Module,
  memory: UpdatesStatus,
  current: string | undefined,
): number | undefined {
  const { spec, status } = module;
  const runs = spec.image === '' ? status.commit : status.imageDigest;
  const ready = findCondition(status.conditions, 'Ready');
  if (runs !== current || !isSettled(module) || !isReady(module)) return undefined;
  const takenAt = Date.parse(memory.current?.takenAt ?? '') || 0;
  return Math.max(takenAt, Date.parse(ready?.lastTransitionTime ?? '') || 0);
}

/** Commits and digests of revisions that were rolled back. */
export function quarantinedIn(
  { metadata, status }: Module,
  registry: Pick<Registry, 'get'>,
): ReadonlySet<string> {
  const specs = (status.quarantined ?? []).flatMap(
    ({ revision }) => findRevision(metadata.name, revision, registry)?.spec ?? [],
  );
  return new Set(specs.flatMap(({ commit, imageDigest }) => [commit, imageDigest]));
}
