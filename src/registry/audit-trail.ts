import { setImmediate } from 'node:timers/promises';
import type { Knex } from 'knex';
import type {
  AuditEntry,
  AuditFilter,
  AuditOutcome,
  AuditRecord,
  AuditVerdict,
} from '../model/audit.js';
import { BEGINNING } from './audit-chain.js';
import type { ChainLink } from './audit-chain.js';
import { ChainCheck } from './audit-check.js';
import { CUT_VERB } from './audit-content.js';
import type { AuditLog } from './audit-log.js';
import { auditAfter, findAudit, newestOf } from './audit-rows.js';
import type { DbAuditRow } from './rows.js';

/** What was done and refused, in a chain of hashes that shows when somebody edits it. */
export interface AuditTrail {
  /**
   * Adds a line for something that was refused, or that changes no object; durable when it
   * resolves. `count` is how many times it happened, 1 if not given.
   */
  append(entry: AuditEntry, outcome: AuditOutcome & { readonly count?: number }): Promise<void>;
  /** The lines that match, the newest first. */
  list(filter: AuditFilter): Promise<readonly AuditRecord[]>;
  /** Looks at every line. Those who ask at the same time get the same answer. */
  verify(): Promise<AuditVerdict>;
}

/** Rows that are looked at before others get a turn. */
const ROWS_AT_ONCE = 1000;

/** Reads the audit of a store. */
export class StoredAudit implements AuditTrail {
  #verification: Promise<AuditVerdict> | undefined;

  constructor(
    private readonly db: Knex,
    private readonly log: AuditLog,
    readonly append: AuditTrail['append'],
  ) {}

  list(filter: AuditFilter): Promise<readonly AuditRecord[]> {
    return findAudit(this.db, filter);
  }

  verify(): Promise<AuditVerdict> {
    this.#verification ??= this.#verify().finally(() => (this.#verification = undefined));
    return this.#verification;
  }

  async #verify(): Promise<AuditVerdict> {
    for (;;) {
      const { head, first } = this.log;
      const cut = await this.#cut();
      const rows = await auditAfter(this.db, 0, ROWS_AT_ONCE);
      // Else rows were cut off in the meantime. Later it does not matter: they go from the front.
      if (this.log.first === first) return (await this.#check(rows, head)).verdict(head, cut);
    }
  }

  /** Looks at some rows and all after them. Rows that were added since `head` are left out. */
  async #check(firstRows: readonly DbAuditRow[], head: ChainLink): Promise<ChainCheck> {
    const check = new ChainCheck();
    for (let rows = firstRows; ;) {
      const newest = this.log.head.seq;
      for (const row of rows) if (row.seq <= head.seq || row.seq > newest) check.add(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_AT_ONCE || check.isBroken) return check;
      await setImmediate();
      rows = await auditAfter(this.db, last.seq, ROWS_AT_ONCE);
    }
  }

  /** The row up to which rows were cut off, as the chain itself says. */
  async #cut(): Promise<ChainLink> {
    const row = await newestOf(this.db, CUT_VERB);
    return row === undefined ? BEGINNING : { seq: Number(row.name), hash: row.old_hash };
  }
}
