import type { AuditEntry, AuditRecord } from '../../src/model/audit.js';
import type { Registry } from '../../src/registry/registry.js';

/** Somebody who changes modules from somewhere. */
export function anEntry(overrides: Partial<AuditEntry> = {}): AuditEntry {
  return {
    ...{ user: 'ada', groups: ['registrar:admin'], source: '10.0.0.7', verb: 'update' },
    ...{ resource: 'modules.registrar.synapsis.network', name: '', namespace: '' },
    requestId: 'request-1',
    ...overrides,
  };
}

/** The whole audit, the oldest line first. */
export async function auditOf({ audit }: Pick<Registry, 'audit'>): Promise<AuditRecord[]> {
  return (await audit.list({ limit: 1_000_000 })).toReversed();
}
