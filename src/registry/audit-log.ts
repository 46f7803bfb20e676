import { BEGINNING, chain } from './audit-chain.js';
import type { AuditContent, ChainLink } from './audit-chain.js';
import type { DbAuditRow } from './rows.js';

/** The audit grows this much over its limit before it is cut, so that not every write cuts it. */
const SLACK = 0.01;

/** Where the audit has come to, as committed; the writer alone changes it. */
export class AuditLog {
  #head: ChainLink;
  #first: number;

  /**
   * @param limit rows that are kept
   * @param head the last row that was written, undefined when there is none
   * @param first number of the first row there is
   */
  constructor(
    private readonly limit: number,
    head: ChainLink | undefined,
    first: number | undefined,
  ) {
    this.#head = head ?? BEGINNING;
    this.#first = first ?? this.#head.seq + 1;
  }

  get head(): ChainLink {
    return this.#head;
  }

  /** Number of the first row that is kept. */
  get first(): number {
    return this.#first;
  }

  /** The rows for some contents; they count once they are noted as stored. `time` is RFC 3339. */
  next(contents: readonly AuditContent[], time: string): DbAuditRow[] {
    return chain(this.#head, contents, time);
  }

  /** Notes that rows are stored. */
  stored(rows: readonly DbAuditRow[]): void {
    const last = rows.at(-1);
    if (last !== undefined) this.#head = { seq: last.seq, hash: last.hash };
  }

  /** Number of the row up to which they should be cut off now; undefined when they are few. */
  surplus(): number | undefined {
    const count = this.#head.seq - this.#first + 1;
    // The row that tells of the cut is one more.
    return count > this.limit * (1 + SLACK) ? this.#head.seq - this.limit + 1 : undefined;
  }

  /** Notes that the rows up to one are cut off. */
  cut(upTo: number): void {
    this.#first = upTo + 1;
  }
}
