import type { AuditEntry, AuditOutcome } from '../model/audit.js';
import type { AuditContent } from './audit-chain.js';
import { auditContent } from './audit-content.js';
import { objectHash, objectHashWithStatus } from './object-hash.js';
import type { Stored, Written } from './registry.js';

/** A write as it was stored. */
interface StoredWrite extends Written {
  /** undefined for an object that was made. */
  readonly before: Stored | undefined;
  /** Whether it was one of the status alone. */
  readonly isOfStatus: boolean;
}

const CREATED: AuditOutcome = { code: 201, reason: 'Created' };
const CHANGED: AuditOutcome = { code: 200, reason: 'OK' };

/** The line of the audit for a write. */
export function changeContent(entry: AuditEntry, write: StoredWrite): AuditContent {
  const { result, before, stored, isOfStatus } = write;
  const hash = isOfStatus ? objectHashWithStatus : objectHash;
  const { name, namespace = '' } = stored.object.metadata;
  return auditContent({ ...entry, name, namespace }, result === 'created' ? CREATED : CHANGED, {
    oldHash: before === undefined ? '' : hash(before.object),
    newHash: result === 'deleted' ? '' : hash(stored.object),
  });
}
