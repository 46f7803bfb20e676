import { stableHash } from '../../model/stable-hash.js';
import type { Module } from '../../model/module.js';
import type { Gate } from '../../model/updates-spec.js';
import type { Candidate, GateResult } from '../../model/updates-status.js';
import { gateResult, gateState } from '../../plan/updates/gate.js';
import { blueprintOf } from '../blueprint.js';
import type { Artifact } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import { withEndpoints } from '../endpoints.js';
import type { Outcome } from '../outcome.js';
import { failure } from '../preparation/stage.js';
import { gateWork } from './gate-work.js';

/** Where a candidate stands that is ready and has a gate before it. */
export type AtGate =
  | { readonly kind: 'passed' }
  /** `before`: what it said last of the same. */
  | { readonly kind: 'running'; readonly before: GateResult | undefined }
  /** It ended just now, which is to be remembered before anything follows from it. */
  | { readonly kind: 'ended'; readonly result: GateResult }
  /** Run again at a time, in milliseconds since 1970. */
  | { readonly kind: 'failed'; readonly result: GateResult; readonly until: number }
  /** It cannot be run. */
  | { readonly kind: 'unknown'; readonly problem: Outcome };

/** A candidate with all that it is to be run with. */
export interface Arrival {
  /** As if it had been taken up. */
  readonly module: Module;
  readonly candidate: Candidate;
  readonly artifact: Artifact;
}

/** Asks the gate of a candidate when it is time to. It is run beside the loop. */
export function arriveAt(gate: Gate, arrival: Arrival, context: ReconcileContext): AtGate {
  const { module, candidate, artifact } = arrival;
  const { name } = module.metadata;
  const { gates, clock, registry } = context;
  const blueprint = blueprintOf(withEndpoints(module, registry), artifact, registry.instanceId);
  const key = stableHash([gate, blueprint.revision]);
  const { gate: known } = candidate;
  const state = gateState(known, key, clock.now());
  if (state.kind !== 'due') {
    gates.cancel(name);
    return state.kind === 'failed' && known !== undefined ? { ...state, result: known } : PASSED;
  }
  const work = gateWork(gate, { module, candidate, blueprint }, context);
  const job = gates.run(name, { key: `${key} ${candidate.id}`, occasion: '' }, work);
  if (job.state === 'failed') return { kind: 'unknown', problem: failure(job.error) };
  if (job.state === 'running') {
    return { kind: 'running', before: known?.key === key ? known : undefined };
  }
  return { kind: 'ended', result: gateResult(known, key, job.result, clock.now()) };
}

const PASSED: AtGate = { kind: 'passed' };
