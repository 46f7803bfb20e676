import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { templateOf } from '../../model/revision.js';
import type { Action } from '../../plan/action.js';
import { cautionsOf, clashesOf } from '../../plan/preflight.js';
import type { Clash, Wanted } from '../../plan/preflight.js';
import type { ReconcileContext } from '../context.js';
import { wantsContainers } from '../desired.js';
import { claimCautions } from './claims.js';
import { hostFacts, wantedOf } from './host-facts.js';
import type { FoundFacts, HostContext, Making } from './host-facts.js';

/** What a plan that is only shown would meet on the host. */
export interface Foreseen {
  readonly clashes: readonly Clash[];
  readonly cautions: readonly string[];
}

/** Looks at the host as a preflight does, but tries no GPU: nothing is made for it. */
export async function foreseeHost(
  module: Module,
  actions: readonly Action[],
  context: HostContext,
): Promise<Foreseen> {
  const names = actions.flatMap((one) => (one.kind === 'createContainer' ? [one.name] : []));
  if (names.length === 0) return { clashes: [], cautions: [] };
  const making = wouldMake(module);
  const facts = await hostFacts(making, context);
  const wanted = wantedOf(making, names);
  return {
    clashes: clashesOf(wanted, facts),
    cautions: [...cautionsOf(facts), ...unchecked(wanted, facts)],
  };
}

/** See `ModuleOperations.cautions`. */
export async function cautionsAbout(
  module: Module,
  isStored: boolean,
  context: HostContext & Pick<ReconcileContext, 'observer'>,
): Promise<readonly string[]> {
  const { registry, observer } = context;
  if (isStored || observer.engine.kind !== 'seen') return claimCautions(module, registry);
  if (!wantsContainers(module)) return [];
  const making = wouldMake(module);
  const wanted = wantedOf(making, []);
  try {
    const facts = await hostFacts(making, context);
    const clashes = clashesOf(wanted, facts).map(({ message }) => message);
    return [...clashes, ...cautionsOf(facts), ...unchecked(wanted, facts)];
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return [`The host was not looked at: ${error.message}`];
  }
}

const wouldMake = (module: Module): Making => ({
  ...{ module, template: templateOf(module), imageId: undefined },
});

function unchecked({ ports }: Wanted, { isLocal }: FoundFacts): string[] {
  if (isLocal || ports.length === 0) return [];
  return ['Ports of the host were only compared with those of containers: the engine is remote'];
}
