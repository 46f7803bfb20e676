import { isMadeFrom } from '../../model/container.js';
import type { ObservedContainer } from '../../model/container.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { Holds, TrustLink } from '../../model/trust.js';
import { findRevision } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import { wantsContainers } from '../desired.js';

type Verdict = readonly [Holds, string];

const NONE: TrustLink = {
  ...{ link: 'container', value: '<none>', holds: 'unknown', detail: 'Nothing runs' },
};

/** Each container runs the image that was verified, as the engine shows it now. */
export async function containerLinks(
  module: Module,
  { runtime, observer, registry }: Pick<ReconcileContext, 'runtime' | 'observer' | 'registry'>,
): Promise<TrustLink[]> {
  const known = observer.containersOf(module.metadata.name);
  if (known.length === 0) {
    return [wantsContainers(module) ? { ...NONE, holds: 'no' } : NONE];
  }
  return Promise.all(
    known.map(async ({ id, name }) => {
      const [holds, detail] = await look(module, registry, () => runtime.inspect(id));
      return { link: 'container', value: `${name} ${id.slice(0, 12)}`, holds, detail };
    }),
  );
}

async function look(
  module: Module,
  registry: ReconcileContext['registry'],
  inspect: () => Promise<ObservedContainer | undefined>,
): Promise<Verdict> {
  try {
    const container = await inspect();
    return container === undefined
      ? ['no', 'It is gone from the engine']
      : judge(module, container, registry);
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return ['unknown', error.message];
  }
}

/** What it runs is compared with what was recorded when its revision was verified. */
function judge(
  { metadata, status }: Module,
  container: ObservedContainer,
  registry: ReconcileContext['registry'],
): Verdict {
  const { imageId, owner, state } = container;
  if (owner.uid !== metadata.uid) return ['no', 'It belongs to an earlier module of that name'];
  const recorded = findRevision(metadata.name, owner.revision, registry)?.spec;
  if (recorded === undefined)
    return ['no', `Nothing is recorded of its revision ${owner.revision}`];
  if (!isMadeFrom(container, recorded.imageId)) return ['no', `It runs image ${imageId}`];
  if (owner.commit !== recorded.commit) {
    return ['no', `It was made from commit ${owner.commit || '<none>'}`];
  }
  const { currentRevision, updatedRevision } = status;
  if (owner.revision === updatedRevision) return ['yes', `It is ${state} and runs that image`];
  if (owner.revision !== currentRevision) {
    return ['no', `It is of revision ${owner.revision}, which is not the one that is wanted`];
  }
  return updatedRevision === undefined
    ? ['unknown', 'It cannot be told which revision is wanted now']
    : ['yes', `It is ${state} and runs version ${recorded.version}, which ran well last`];
}
