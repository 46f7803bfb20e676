import type { Rollout } from '../../kinds/rollout/schema.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { API_VERSION } from '../../model/names.js';
import { MODULE_LABEL, moduleOwnerReference } from '../../model/owner.js';
import type { RolloutStatus } from '../../model/rollout.js';
import { givenUp, isOpen } from '../../plan/rollout.js';
import type { RolloutMemory } from '../../plan/rollout.js';
import type { Draft, Registry } from '../../registry/registry.js';
import { findRevision } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import type { Look } from '../look.js';
import { forget, recordsOf } from '../module-records.js';
import { actorOf, causeOf } from './cause.js';
import { rolloutEvent } from './event.js';
import { evidenceOf } from './evidence.js';

/** Receipts that are kept of a module. */
const MOST_RECEIPTS = 50;

/**
 * Keeps the receipt of a rollout that began or changed its state, with what was seen when it failed,
 * and says so in an event. A store that cannot take it now gets it with the next change.
 */
export async function keepReceipt(
  module: Module,
  before: RolloutMemory,
  after: RolloutMemory,
  look: Look,
  context: ReconcileContext,
): Promise<void> {
  const { rollout } = after;
  const was = before.rollout;
  if (rollout === undefined) return;
  if (was?.number === rollout.number && was.state === rollout.state) return;
  try {
    // One that the spec went past before it ended.
    if (was !== undefined && was.number !== rollout.number && isOpen(was)) {
      await write(module, givenUp(was, { now: context.clock.now() }), {}, context.registry);
    }
    const failed = rollout.state === 'RolledBack' || rollout.state === 'Failed';
    const evidence = failed ? await evidenceOf(module, rollout, look, context) : undefined;
    await write(module, rollout, { ...(evidence && { evidence }) }, context.registry);
  } catch (error) {
    if (!isRegistrarError(error, 'STORE_UNAVAILABLE')) throw error;
  }
  context.record(rolloutEvent(module, rollout));
}

async function write(
  module: Module,
  rollout: RolloutStatus,
  more: Pick<Rollout['spec'], 'evidence'>,
  registry: Registry,
): Promise<void> {
  const { metadata } = module;
  const name = `${metadata.name}-${rollout.number}`;
  const known = registry.get('Rollout', name)?.object;
  if (known !== undefined) {
    const change = (current: Rollout): Rollout => ({
      ...current,
      spec: { ...current.spec, ...rollout, ...more },
    });
    await registry.update('Rollout', name, change, { uid: known.metadata.uid });
    return;
  }
  await registry.create('Rollout', draftOf(module, name, { ...rollout, ...more }, registry));
  const oldest = recordsOf('Rollout', metadata.name, registry).toSorted(
    (a, b) => a.spec.number - b.spec.number,
  );
  await forget('Rollout', oldest.slice(0, -MOST_RECEIPTS), registry);
}

function draftOf(
  module: Module,
  name: string,
  rollout: RolloutStatus & Pick<Rollout['spec'], 'evidence'>,
  registry: Registry,
): Draft<'Rollout'> {
  const { metadata, spec } = module;
  const recorded = findRevision(metadata.name, rollout.to, registry);
  return {
    ...{ apiVersion: API_VERSION, kind: 'Rollout' },
    metadata: {
      ...{ name, labels: { [MODULE_LABEL]: metadata.name } },
      ownerReferences: [moduleOwnerReference(metadata)],
    },
    spec: {
      ...{ module: metadata.name, generation: metadata.generation },
      version: recorded?.spec.version ?? spec.version,
      actor: actorOf(metadata),
      cause: causeOf(metadata.name, rollout, registry),
      ...rollout,
    },
  };
}
