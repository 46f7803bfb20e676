import { hostPortsOf, isSamePort } from '../model/host.js';
import type { ModuleSpec } from '../model/module.js';
import type { Finding } from './finding.js';
import { duplicate, duplicates, forbidden, namesOf, type Rule } from './rule.js';

type Port = ModuleSpec['ports'][number];

/** Whether both take the same port of the host. */
const clash = (a: Port, b: Port): boolean => {
  const [[one], [other]] = [hostPortsOf({ ports: [a] }), hostPortsOf({ ports: [b] })];
  return one !== undefined && other !== undefined && isSamePort(one, other);
};

function hostPortClashes(ports: readonly Port[]): Finding[] {
  return ports.flatMap((port, index) => {
    if (port.hostPort === undefined) return [];
    const other = ports.findIndex((earlier) => clash(earlier, port));
    if (other === index) return [];
    return duplicate(at(index), at(other), port.hostPort);
  });
}

const at = (index: number) => ['spec', 'ports', index, 'hostPort'];

/** What must hold of ports. */
export const NETWORK_RULES: readonly Rule[] = [
  {
    reads: ['spec.ports'],
    find: ({ spec }) => duplicates(namesOf('ports', spec.ports)),
  },
  {
    reads: ['spec.ports'],
    find: ({ spec }) => hostPortClashes(spec.ports),
  },
  {
    reads: ['spec.ports', 'spec.replicas'],
    find: ({ spec: { ports, replicas } }) => {
      const published = ports.findIndex(({ hostPort }) => hostPort !== undefined);
      if (replicas <= 1 || published < 0) return [];
      const sentence = 'only one container can have a port of the host: set spec.replicas to 1';
      return [forbidden(at(published), `${sentence} or leave hostPort out`)];
    },
  },
];
