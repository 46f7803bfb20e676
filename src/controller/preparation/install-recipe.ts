import type { EnvExample, Install } from '../../kinds/module-version/schema.js';
import type { Module, ModuleSpec } from '../../model/module.js';
import { API_VERSION } from '../../model/names.js';

/** A version is kept for long, and each client that lists them gets its recipe. */
const MAX_BYTES = 32 * 1024;
const MAX_NAMES = 256;

/**
 * What somebody needs to run a version: a manifest of just its commit, without what is particular to
 * the host where it was published. Values of variables are not in it, whatever they were: one may be
 * a secret, and another is the address of somebody else's node.
 */
export function installRecipe(
  { metadata: { name }, spec }: Module,
  commit: string,
  envTemplate: readonly EnvExample[],
): Install {
  const needsValues = namesOf([...spec.env, ...envTemplate]);
  const folders = spec.volumes.filter(({ hostPath }) => hostPath !== undefined);
  const whole = manifestOf(name, { ...described(spec, commit), ...runtime(spec, needsValues) });
  const isSmall = JSON.stringify(whole).length <= MAX_BYTES;
  return {
    needsValues,
    needsFolders: namesOf(folders),
    manifest: isSmall ? whole : manifestOf(name, described(spec, commit)),
  };
}

const manifestOf = (name: string, spec: object): Record<string, unknown> => ({
  ...{ apiVersion: API_VERSION, kind: 'Module', metadata: { name }, spec },
});

const namesOf = (named: readonly { readonly name: string }[]): string[] =>
  [...new Set(named.map(({ name }) => name))].slice(0, MAX_NAMES);

function described(
  { version, type, author, license, description, source }: ModuleSpec,
  commit: string,
): object {
  return { version, type, author, license, description, source: { ...source, commit } };
}

function runtime(spec: ModuleSpec, needsValues: readonly string[]): object {
  const { command, args, ports, volumes, resources, securityContext, healthCheck } = spec;
  return {
    ...{ command, args, resources, securityContext },
    env: needsValues.map((name) => ({ name, value: '' })),
    ports: ports.map(({ name, containerPort, protocol }) => ({ name, containerPort, protocol })),
    volumes: volumes.map(({ hostPath: _hostPath, ...volume }) => volume),
    ...(healthCheck !== undefined && { healthCheck }),
  };
}
