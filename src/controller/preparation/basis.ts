import { decidingPolicy } from '../../verification/deciding-policy.js';
import type { Setting } from '../../verification/run-check.js';
import { settingsOf } from '../../verification/settings.js';
import { RegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import type { Policy, Signer } from '../../model/policy.js';
import type { ReconcileContext } from '../context.js';

/** What decides about a module. */
export interface Basis {
  /** Undefined when no policy selects the module: every check is as it is by itself. */
  readonly policy: Policy | undefined;
  readonly settings: readonly Setting[];
  readonly signers: readonly Signer[];
}

/**
 * What decides about a module now. Throws POLICY_UNUSABLE when that cannot be told: then nothing new
 * may run.
 */
export function basisOf(
  module: Module,
  { registry, policyProblem }: Pick<ReconcileContext, 'registry' | 'policyProblem'>,
): Basis {
  const problem = policyProblem();
  if (problem !== undefined) throw new RegistrarError('POLICY_UNUSABLE', problem);
  const policies = registry.list('Policy').items.map(({ object }) => object);
  const policy = decidingPolicy(module, policies);
  return { policy, settings: settingsBy(policy), signers: policy?.spec.signers ?? [] };
}

/** By the policy, which never changes in memory: every pass asks, and working it out takes a while. */
const known = new WeakMap<object, readonly Setting[]>();
const NO_POLICY = { metadata: { name: '' }, spec: { checks: [] } };

function settingsBy(policy: Policy | undefined): readonly Setting[] {
  const { metadata, spec } = policy ?? NO_POLICY;
  const found = known.get(spec) ?? settingsOf(metadata.name, spec);
  known.set(spec, found);
  return found;
}

/** A parameter of a check, also of one that is switched off. */
export function parametersOf(
  { settings }: Pick<Basis, 'settings'>,
  id: string,
): Readonly<Record<string, unknown>> {
  return settings.find(({ check }) => check.id === id)?.parameters ?? {};
}
