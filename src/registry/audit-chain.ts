import { hash } from 'node:crypto';
import type { DbAuditRow } from './rows.js';

/** Where a chain of rows has come to. */
export interface ChainLink {
  readonly seq: number;
  readonly hash: string;
}

/** What a row says, before it has its time and its place in the chain. */
export type AuditContent = Omit<DbAuditRow, 'seq' | 'time' | 'previous_hash' | 'hash'>;

/** What the first row continues. */
export const BEGINNING: ChainLink = { seq: 0, hash: '0'.repeat(64) };

/** The rows for some contents, continuing the chain; `time` is RFC 3339. */
export function chain(
  last: ChainLink,
  contents: readonly AuditContent[],
  time: string,
): DbAuditRow[] {
  const rows: DbAuditRow[] = [];
  let link = last;
  for (const content of contents) {
    const row = rowOf(content, link, time);
    rows.push(row);
    link = row;
  }
  return rows;
}

function rowOf(content: AuditContent, last: ChainLink, time: string): DbAuditRow {
  // Written out, because to spread the content takes longer than all the rest.
  const row = {
    seq: last.seq + 1,
    time,
    user: content.user,
    groups: content.groups,
    source: content.source,
    verb: content.verb,
    resource: content.resource,
    name: content.name,
    namespace: content.namespace,
    old_hash: content.old_hash,
    new_hash: content.new_hash,
    code: content.code,
    reason: content.reason,
    count: content.count,
    request_id: content.request_id,
    previous_hash: last.hash,
    hash: '',
  };
  row.hash = rowHash(row);
  return row;
}

/**
 * SHA-256 over the columns of a row in the order of the table, without `hash`, as a JSON array:
 * 64 hexadecimal digits.
 */
export function rowHash(row: Omit<DbAuditRow, 'hash'>): string {
  const columns = [
    ...[row.seq, row.time, row.user, row.groups, row.source, row.verb, row.resource, row.name],
    ...[row.namespace, row.old_hash, row.new_hash, row.code, row.reason, row.count],
    ...[row.request_id, row.previous_hash],
  ];
  return hash('sha256', JSON.stringify(columns));
}
