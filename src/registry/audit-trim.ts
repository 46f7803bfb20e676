import { cutContent } from './audit-content.js';
import type { AuditLog } from './audit-log.js';
import { deleteAudit, insertAudit, linkAt } from './audit-rows.js';
import type { Database } from './database.js';

/**
 * Cuts off the oldest rows of an audit that is over its limit. The row that says so continues the
 * chain and holds the hash that the first remaining row goes on from; `time` is RFC 3339.
 */
export async function trimAudit(database: Database, audit: AuditLog, time: string): Promise<void> {
  const upTo = audit.surplus();
  if (upTo === undefined) return;
  const link = await linkAt(database.knex, upTo);
  if (link === undefined) return;
  const rows = audit.next([cutContent(link)], time);
  database.transact((trx) => {
    insertAudit(trx, rows);
    deleteAudit(trx, link.seq);
  });
  audit.stored(rows);
  audit.cut(link.seq);
}
