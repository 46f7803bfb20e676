import Type from 'typebox';
import { isLoopback } from '../../../lib/loopback.js';
import { check, NotApplicable } from '../../check.js';
import type { ManifestSubject } from '../../subjects.js';
import { specField } from './spec-field.js';

const Port = (value: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, maximum: 65535, description });

/** Ports of the host are those that modules may take. */
export const HOST_PORTS = check({
  id: 'manifest/host-ports',
  title: 'Ports of the host are within a range',
  severity: 'medium',
  mode: 'enforce',
  about: 'manifest',
  why: 'Ports below 1024 belong to the services of the host, such as SSH and DNS.',
  remedy: 'Choose a hostPort within the range, or widen the range in the policy',
  parameters: Type.Object({
    min: Port(1024, 'Lowest port of the host that a module may take'),
    max: Port(65535, 'Highest port of the host that a module may take'),
  }),
  run({ manifest }, { min, max }) {
    return published(manifest)
      .filter(({ hostPort }) => hostPort < min || hostPort > max)
      .map(({ hostPort, index }) => ({
        field: specField('ports', index, 'hostPort'),
        message: `Port ${hostPort} of the host is not within ${min} to ${max}`,
      }));
  },
});

/** What can be reached from outside is meant to be. */
export const PUBLISHED_PORTS = check({
  id: 'manifest/published-ports',
  title: 'Ports are published on this host only',
  severity: 'medium',
  mode: 'warn',
  about: 'manifest',
  why: 'The engine opens a published port past the firewall of most hosts.',
  remedy: 'Leave hostIp out to publish on 127.0.0.1, or switch the check off for what is public',
  run({ manifest }) {
    return published(manifest)
      .filter(({ hostIp }) => !isLoopback(hostIp))
      .map(({ hostIp, hostPort, index }) => ({
        field: specField('ports', index, 'hostIp'),
        message: `Port ${hostPort} can be reached from other hosts at ${hostIp}`,
      }));
  },
});

/** Ports that have one of the host. NotApplicable when there are none. */
function published({ spec }: ManifestSubject['manifest']) {
  const ports = spec.ports.flatMap(({ hostPort, hostIp }, index) =>
    hostPort === undefined ? [] : [{ hostPort, hostIp, index }],
  );
  if (ports.length === 0) throw new NotApplicable('The module publishes no ports');
  return ports;
}
