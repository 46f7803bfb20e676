import { printable } from '../lib/printable.js';
import type { AuditEntry, AuditOutcome } from '../model/audit.js';
import { STORE_NAME } from '../model/identity.js';
import type { AuditContent, ChainLink } from './audit-chain.js';

const MAX_GROUPS = 16;
/** Longest text of a column: names of objects and files have at most 253 characters. */
const MAX_LENGTH = 256;

/** What an audited change was made of. */
export interface AuditedChange {
  readonly oldHash: string;
  readonly newHash: string;
}

const NO_CHANGE: AuditedChange = { oldHash: '', newHash: '' };

/**
 * The content of a row. Texts come from clients: they are bounded and without characters that
 * deceive a reader.
 */
export function auditContent(
  entry: AuditEntry,
  outcome: AuditOutcome & { readonly count?: number | undefined },
  { oldHash, newHash }: AuditedChange = NO_CHANGE,
): AuditContent {
  const shown = (text: string): string => printable(text, MAX_LENGTH);
  return {
    user: shown(entry.user),
    groups: JSON.stringify(entry.groups.slice(0, MAX_GROUPS).map(shown)),
    source: shown(entry.source),
    verb: shown(entry.verb),
    resource: shown(entry.resource),
    name: shown(entry.name),
    namespace: shown(entry.namespace),
    old_hash: oldHash,
    new_hash: newHash,
    code: outcome.code,
    reason: shown(outcome.reason),
    count: outcome.count ?? 1,
    request_id: shown(entry.requestId),
  };
}

/** Verb of the row that says which rows were cut off. */
export const CUT_VERB = 'cut';

/** The content of a row that says that the rows up to one were cut off, and the hash of that one. */
export function cutContent({ seq, hash }: ChainLink): AuditContent {
  const entry: AuditEntry = {
    ...{ user: STORE_NAME, groups: [], source: 'retention', verb: CUT_VERB, resource: 'audit' },
    ...{ name: String(seq), namespace: '', requestId: '' },
  };
  return auditContent(entry, { code: 200, reason: 'OK' }, { oldHash: hash, newHash: '' });
}
