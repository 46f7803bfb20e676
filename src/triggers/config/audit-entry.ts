import type { AuditEntry } from '../../model/audit.js';
import { resourceOf } from '../../model/kinds.js';
import { CONFIG_MANAGER } from '../../model/names.js';
import { KINDS } from '../../kinds/registered.js';
import type { ConfigAction } from './action.js';

/** Which file wants what: what the audit says of an action. */
export function auditEntryOf(action: ConfigAction): AuditEntry {
  return {
    ...{ user: CONFIG_MANAGER, groups: [], source: `config:${fileOf(action)}` },
    verb: action.kind === 'hold' ? 'update' : action.kind,
    resource: resourceOf(KINDS[action.object.kind]),
    ...{ name: action.object.name, namespace: '', requestId: '' },
  };
}

function fileOf(action: ConfigAction): string {
  if ('declaration' in action) return action.declaration.file;
  return 'file' in action ? action.file : '';
}
