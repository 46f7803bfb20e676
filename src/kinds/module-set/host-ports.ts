import { WILDCARDS } from '../../model/host.js';
import type { Finding } from '../../manifest/finding.js';
import type { Wanted } from '../../plan/sets/member.js';

/** Who has a port of the host, by address; a wildcard has it on all of them. */
type Holders = Map<string, string>;

/** The ports of the host that two modules of a set would have at once. */
export function hostPortClashes(stamped: readonly Wanted[]): Finding[] {
  const taken = new Map<string, Holders>();
  return stamped.flatMap(({ instance, manifest }) =>
    manifest.spec.ports.flatMap(({ hostPort, protocol, hostIp }, index) => {
      if (hostPort === undefined) return [];
      const key = `${protocol}/${hostPort}`;
      const holders = taken.get(key) ?? new Map<string, string>();
      taken.set(key, holders);
      const other = holderOf(holders, hostIp);
      if (!holders.has(hostIp)) holders.set(hostIp, instance);
      if (other === undefined || other === instance) return [];
      return [clash(index, hostPort, instance, other)];
    }),
  );
}

function holderOf(holders: Holders, hostIp: string): string | undefined {
  if (WILDCARDS.has(hostIp)) return [...holders.values()][0];
  return holders.get(hostIp) ?? [...WILDCARDS].map((ip) => holders.get(ip)).find(Boolean);
}

const clash = (index: number, hostPort: number, instance: string, other: string): Finding => ({
  path: ['spec', 'template', 'spec', 'ports', index, 'hostPort'],
  reason: 'FieldValueDuplicate',
  detail: `expected another port for instance "${instance}" than for instance "${other}"`,
  value: hostPort,
});
