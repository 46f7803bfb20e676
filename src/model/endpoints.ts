import type { ModuleSpec } from './module.js';

type Variable = { readonly name: string; readonly value: string };
type Port = Pick<ModuleSpec['ports'][number], 'name' | 'containerPort'>;

/** `chain-node` in the names of variables: `CHAIN_NODE`. */
const wordOf = (name: string): string => name.toUpperCase().replaceAll('-', '_');

const hostOf = (module: string): string => `${wordOf(module)}_HOST`;
const portOf = (module: string): string => `${wordOf(module)}_PORT`;
const namedPortOf = (module: string, port: string): string => `${portOf(module)}_${wordOf(port)}`;

/** How those that need a module find it: its name, its first port, and each port by name. */
export function endpointVariables(module: string, ports: readonly Port[]): Variable[] {
  const [first] = ports;
  return [
    { name: hostOf(module), value: module },
    ...(first === undefined ? [] : [{ name: portOf(module), value: `${first.containerPort}` }]),
    ...ports.map(({ name, containerPort }) => ({
      name: namedPortOf(module, name),
      value: `${containerPort}`,
    })),
  ];
}

/** Whether a variable tells where a module is. */
export const tellsOf = (module: string, variable: string): boolean =>
  [hostOf(module), portOf(module)].includes(variable) ||
  variable.startsWith(namedPortOf(module, ''));
