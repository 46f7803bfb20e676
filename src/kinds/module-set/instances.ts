import type { FieldPath } from '../../lib/field-path.js';
import type { ModuleSetSpec, Value } from '../../model/module-set.js';
import type { Values } from './fill.js';

/** One instance of a set, before its module is made. */
export interface Instance {
  readonly name: string;
  readonly values: Values;
  /** Where a person finds it in the manifest. */
  readonly path: FieldPath;
}

/** Names that always stand for something, so that nobody may give them another value. */
export const RESERVED = ['set', 'name', 'index'] as const;

/** The instances of a set in their order: those that are listed, else as many as there are replicas. */
export function instancesOf(set: string, spec: ModuleSetSpec): Instance[] {
  const common = Object.entries(spec.values ?? {});
  if (spec.instances !== undefined) {
    return spec.instances.map(({ name, values = {} }, index) => ({
      name,
      values: new Map<string, Value>([
        ...common,
        ...Object.entries(values),
        ['set', set],
        ['name', name],
      ]),
      path: ['spec', 'instances', index, 'name'],
    }));
  }
  return Array.from({ length: spec.replicas ?? 0 }, (_, index) =>
    counted(set, spec, common, index),
  );
}

/** The place of a replica never changes, so that its numbers do not either. */
function counted(
  set: string,
  { ranges = [] }: ModuleSetSpec,
  common: readonly [string, Value][],
  index: number,
): Instance {
  const name = String(index);
  const numbers = ranges.map(({ name: key, from, step }) => [key, from + index * step] as const);
  const own = [
    ['set', set],
    ['name', name],
    ['index', index],
  ] as const;
  return {
    name,
    values: new Map<string, Value>([...common, ...numbers, ...own]),
    path: ['spec', 'replicas'],
  };
}
