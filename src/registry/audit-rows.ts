import type { Knex } from 'knex';
import type { AuditFilter, AuditRecord } from '../model/audit.js';
import type { ChainLink } from './audit-chain.js';
import { META } from './meta-rows.js';
import type { DbAuditRow, DbMetaRow } from './rows.js';
import type { Transaction } from './transaction.js';

const TABLE = { name: 'audit', key: [] } as const;
const HEAD = 'audit_head';

/** Stores rows that continue the chain, and where it has come to with them. */
export function insertAudit(trx: Transaction, rows: readonly DbAuditRow[]): void {
  const last = rows.at(-1);
  if (last === undefined) return;
  for (const row of rows) trx.put(TABLE, row);
  trx.put(META, { key: HEAD, value: `${last.seq} ${last.hash}` });
}

/**
 * Where the chain has come to, as it was noted with the last row: rows that are missing at the end
 * leave a gap that shows. undefined when there never was a row.
 */
export async function loadHead(db: Knex): Promise<ChainLink | undefined> {
  const noted = await db<DbMetaRow>(META.name).where('key', HEAD).first();
  const last = await db<DbAuditRow>(TABLE.name).orderBy('seq', 'desc').first('seq', 'hash');
  const [seq = '', hash = ''] = noted?.value.split(' ') ?? [];
  const head = { seq: Number(seq), hash };
  return Number.isSafeInteger(head.seq) && head.seq >= (last?.seq ?? 1) ? head : last;
}

/** Number of the first row there is; undefined when there is none. */
export async function firstSeq(db: Knex): Promise<number | undefined> {
  return (await db<DbAuditRow>(TABLE.name).orderBy('seq').first('seq'))?.seq;
}

/** The link of a row, of the next one when it is missing; undefined when there is none. */
export async function linkAt(db: Knex, seq: number): Promise<ChainLink | undefined> {
  return db<DbAuditRow>(TABLE.name).where('seq', '>=', seq).orderBy('seq').first('seq', 'hash');
}

/** Forgets the rows up to one. */
export function deleteAudit(trx: Transaction, upTo: number): void {
  trx.run(`DELETE FROM ${TABLE.name} WHERE seq <= ?`, upTo);
}

/** Some rows after one, in order. */
export async function auditAfter(db: Knex, seq: number, limit: number): Promise<DbAuditRow[]> {
  return db<DbAuditRow>(TABLE.name).where('seq', '>', seq).orderBy('seq').limit(limit);
}

/** The newest row of a verb; undefined when there is none. */
export async function newestOf(db: Knex, verb: string): Promise<DbAuditRow | undefined> {
  return db<DbAuditRow>(TABLE.name).where({ verb }).orderBy('seq', 'desc').first();
}

/** The rows that match a filter, the newest first. */
export async function findAudit(db: Knex, filter: AuditFilter): Promise<AuditRecord[]> {
  const { user, verb, resource, name, result, sinceMs, before, limit } = filter;
  const query = db<DbAuditRow>(TABLE.name).orderBy('seq', 'desc').limit(limit);
  if (user !== undefined) void query.where({ user });
  if (verb !== undefined) void query.where({ verb });
  if (name !== undefined) void query.where({ name });
  if (sinceMs !== undefined) void query.where('time', '>=', new Date(sinceMs).toISOString());
  if (before !== undefined) void query.where('seq', '<', before);
  if (resource !== undefined) whereResource(query, resource);
  if (result !== undefined) whereResult(query, result);
  return (await query).map(toRecord);
}

function whereResource(query: Knex.QueryBuilder, resource: string): void {
  // The name alone stands for those of a group and for their parts. What is compared with has no
  // wildcard of LIKE in it: those are taken as text.
  const text = resource.replace(/[\\%_]/g, '\\$&');
  void query.where((either) => {
    void either.where({ resource });
    for (const end of ['.%', '/%']) {
      void either.orWhereRaw(`resource LIKE ? ESCAPE '\\'`, [`${text}${end}`]);
    }
  });
}

function whereResult(query: Knex.QueryBuilder, result: string): void {
  if (result === 'denied') void query.whereIn('code', [401, 403]);
  else if (result === 'refused') void query.where('code', '>=', 400);
  else if (/^\d{3}$/.test(result)) void query.where('code', Number(result));
  else void query.where('reason', result);
}

function toRecord(row: DbAuditRow): AuditRecord {
  const { old_hash: oldHash, new_hash: newHash, request_id: requestId, ...rest } = row;
  const { previous_hash: previousHash, hash, groups, ...content } = rest;
  return { ...content, groups: groupsIn(groups), requestId, oldHash, newHash, previousHash, hash };
}

/** A row that somebody edited is shown as it is. */
function groupsIn(text: string): string[] {
  try {
    const groups: unknown = JSON.parse(text);
    return Array.isArray(groups) ? groups.map(String) : [text];
  } catch {
    return [text];
  }
}
