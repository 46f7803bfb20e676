import { endpointVariables, tellsOf } from '../model/endpoints.js';
import type { Module, ModuleSpec } from '../model/module.js';
import type { Registry } from '../registry/registry.js';
import { recordsOf } from './module-records.js';

type Store = Pick<Registry, 'get' | 'list'>;
type Variables = ModuleSpec['env'];

/**
 * The module with variables that tell where those are that it needs. What it says itself counts more,
 * and of those that it needs the first.
 */
export function withEndpoints(module: Module, registry: Store): Module {
  const { dependsOn, env } = module.spec;
  if (dependsOn.length === 0) return module;
  const all = new Map<string, Variables[number]>();
  const given = dependsOn.flatMap(({ name }) => variablesOf(name, module, registry));
  for (const variable of [...env, ...given]) {
    if (!all.has(variable.name)) all.set(variable.name, variable);
  }
  return { ...module, spec: { ...module.spec, env: [...all.values()] } };
}

/** Of a module that is gone what was last told of it: its absence is no reason for other containers. */
function variablesOf(name: string, module: Module, registry: Store): Variables {
  const needed = registry.get('Module', name)?.object;
  if (needed !== undefined) return endpointVariables(name, needed.spec.ports);
  const known = newestEnv(module.metadata.name, registry).filter((one) => tellsOf(name, one.name));
  return known.length > 0 ? known : endpointVariables(name, []);
}

function newestEnv(module: string, registry: Store): Variables {
  const known = recordsOf('Revision', module, registry).map(({ spec }) => spec);
  return known.toSorted((a, b) => b.number - a.number)[0]?.template.env ?? [];
}
