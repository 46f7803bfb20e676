import type { AuditRecord, AuditVerdict } from '../model/audit.js';
import type { Client } from './http.js';

const PATH = '/auditz';
/** Most lines that the server gives at once. */
const PAGE = 1000;

/** Which lines of the audit; those that are given must all match. */
export interface AuditSelection {
  readonly user?: string | undefined;
  readonly verb?: string | undefined;
  readonly resource?: string | undefined;
  readonly name?: string | undefined;
  readonly result?: string | undefined;
  readonly sinceSeconds?: number | undefined;
}

type Values = Readonly<Record<string, string | number | undefined>>;

const queryOf = (values: Values): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      value === undefined ? undefined : String(value),
    ]),
  );

/** Lines of the audit, the newest first; `limit` 0 for all. */
export async function listAudit(
  client: Client,
  selection: AuditSelection,
  limit: number,
): Promise<AuditRecord[]> {
  const wanted = limit === 0 ? Infinity : limit;
  const lines: AuditRecord[] = [];
  for (let page = PAGE; page === PAGE && lines.length < wanted;) {
    const pageLimit = Math.min(PAGE, wanted - lines.length);
    const query = queryOf({ ...selection, before: lines.at(-1)?.seq, limit: pageLimit });
    const { items } = (await client.json({ path: PATH, query })) as { items: AuditRecord[] };
    lines.push(...items);
    page = items.length;
  }
  return lines;
}

/** Whether the audit is as it was written. */
export async function verifyAudit(client: Client): Promise<AuditVerdict> {
  return (await client.json({ path: `${PATH}/verify` })) as AuditVerdict;
}
