import { versionOf } from '../model/updates-memory.js';
import { reachableFrom, startOrder } from '../lib/graph.js';
import { dependentsOf, needsOf, whyUnmet } from '../model/dependencies.js';
import { RegistrarError } from '../model/errors.js';
import type { Module } from '../model/module.js';

/** A module in a graph; one that others name and that is not there has neither version nor phase. */
export interface GraphModule {
  readonly name: string;
  readonly version?: string;
  readonly phase?: string;
}

/** One module needs another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Range of versions; absent for any. */
  readonly range?: string;
  /** Why it cannot be used now; absent when it can. */
  readonly unmet?: string;
}

/** Modules in the order in which they start, and what each of them needs. */
export interface Graph {
  readonly modules: readonly GraphModule[];
  readonly dependencies: readonly GraphEdge[];
}

/**
 * The graph of all modules; with a name only of those that it needs and that need it, through others
 * too. NOT_FOUND for a name that is neither a module nor needed by one.
 */
export function graphOf(modules: readonly Module[], name?: string): Graph {
  const known = new Map(modules.map((module) => [module.metadata.name, module]));
  const needs = (one: string): string[] => needsOf(known.get(one));
  const all = new Set([...known.keys(), ...modules.flatMap(needsOf)]);
  if (name !== undefined && !all.has(name)) {
    throw new RegistrarError('NOT_FOUND', `modules.registrar.synapsis.network "${name}" not found`);
  }
  const neededBy = (one: string): string[] =>
    dependentsOf(one, modules).map(({ metadata }) => metadata.name);
  const shown =
    name === undefined
      ? all
      : new Set([...reachableFrom([name], needs), ...reachableFrom([name], neededBy)]);
  const order = startOrder(shown, needs);
  return {
    modules: order.map((one) => moduleOf(one, known.get(one))),
    dependencies: order.flatMap((one) => edgesOf(one, known)).filter(({ to }) => shown.has(to)),
  };
}

function moduleOf(name: string, module: Module | undefined): GraphModule {
  if (module === undefined) return { name };
  return { name, version: versionOf(module), phase: module.status.phase };
}

function edgesOf(from: string, known: ReadonlyMap<string, Module>): GraphEdge[] {
  const dependencies = known.get(from)?.spec.dependsOn ?? [];
  return dependencies.map((dependency) => {
    const { name: to, version: range } = dependency;
    const unmet = whyUnmet(dependency, known.get(to));
    return {
      ...{ from, to },
      ...(range === undefined ? {} : { range }),
      ...(unmet === undefined ? {} : { unmet }),
    };
  });
}
