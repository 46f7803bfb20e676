import { cycleThrough, reachableFrom, startOrder } from '../../lib/graph.js';
import { dependentsOf, needsOf } from '../../model/dependencies.js';
import { RegistrarError } from '../../model/errors.js';
import { MODULE } from '../../model/kinds.js';
import type { Module } from '../../model/module.js';
import type { Others, Relations } from '../definition.js';
import { invalidField } from '../refusals.js';

/** Modules depend on each other without a cycle, and what others need stays. */
export const MODULE_RELATIONS: Relations<Module> = {
  refuseChange(next, current, others) {
    if (needsOf(next).join() === needsOf(current).join()) return;
    const { name } = next.metadata;
    const cycle = cycleThrough(name, (one) => needsOf(one === name ? next : others.get(one)));
    if (cycle !== undefined) throw cycleRefusal(name, cycle);
  },

  refuseDeletion({ metadata: { name } }, others) {
    const needing = staying(name, others);
    if (needing.length > 0) throw neededRefusal(name, needing);
  },

  dependents({ metadata: { name } }, others) {
    const all = [...others.values()];
    const neededBy = (one: string) => dependentsOf(one, all).map(nameOf);
    const [, ...dependents] = reachableFrom([name], neededBy);
    return startOrder(dependents, (one) => needsOf(others.get(one))).toReversed();
  },
};

const nameOf = ({ metadata }: Module): string => metadata.name;

/** Those that need a module and are not being deleted. */
const staying = (name: string, others: Others<Module>): string[] =>
  dependentsOf(name, others.values())
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(nameOf);

/** Most names that a message tells. */
const MAX_TOLD = 20;

function cycleRefusal(name: string, cycle: readonly string[]): RegistrarError {
  const { message, details } = invalidField(MODULE, name, {
    field: 'spec.dependsOn',
    message: `Invalid value: modules cannot wait for each other in a circle: ${told(cycle, ' -> ')}`,
    reason: 'FieldValueInvalid',
  });
  return new RegistrarError('DEPENDENCY_CYCLE', message, details);
}

/** The names, of many only those at both ends. */
function told(names: readonly string[], between: string): string {
  if (names.length <= MAX_TOLD) return names.join(between);
  const half = MAX_TOLD / 2;
  const left = `(${names.length - MAX_TOLD} more)`;
  return [...names.slice(0, half), left, ...names.slice(-half)].join(between);
}

function neededRefusal(name: string, needing: readonly string[]): RegistrarError {
  const who = told(
    needing.map((one) => `"${one}"`),
    ', ',
  );
  const message = `Module "${name}" is needed by ${who}: delete what needs it first, or all of it with --cascade`;
  return new RegistrarError('MODULE_NEEDED', message, { kind: 'Module', name });
}
