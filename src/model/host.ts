import type { ModuleSpec } from './module.js';
import type { Owner } from './owner.js';

/** A port of the host, as a container or a process has it. */
export interface HostPort {
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/** A container of the engine, whoever made it, as far as it can be in the way. */
export interface Neighbour {
  readonly id: string;
  readonly name: string;
  /** Whose it is; undefined when no registrar made it. */
  readonly owner: Owner | undefined;
  /** None while it does not run. */
  readonly ports: readonly HostPort[];
  /** UUIDs of the GPUs that its registrar gave it. */
  readonly gpus: readonly string[];
}

/** Addresses that stand for all of the host. */
export const WILDCARDS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '']);

/** The ports of the host that a module asks for. */
export function hostPortsOf({ ports }: Pick<ModuleSpec, 'ports'>): HostPort[] {
  return ports.flatMap(({ hostIp, hostPort, protocol }) =>
    hostPort === undefined ? [] : [{ ip: hostIp, port: hostPort, protocol }],
  );
}

/** Whether only one can have them; a wildcard address takes a port on all addresses. */
export function isSamePort(a: HostPort, b: HostPort): boolean {
  const sameAddress = a.ip === b.ip || WILDCARDS.has(a.ip) || WILDCARDS.has(b.ip);
  return a.port === b.port && a.protocol === b.protocol && sameAddress;
}

/** As in an address: `127.0.0.1:8091`, `[::1]:53/udp`. */
export function portText({ ip, port, protocol }: HostPort): string {
  const host = ip.includes(':') ? `[${ip}]` : ip;
  return `${host}:${port}${protocol === 'UDP' ? '/udp' : ''}`;
}
