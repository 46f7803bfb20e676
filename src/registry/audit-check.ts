import type { AuditVerdict } from '../model/audit.js';
import { BEGINNING, rowHash } from './audit-chain.js';
import type { ChainLink } from './audit-chain.js';
import type { DbAuditRow } from './rows.js';

type Problem = NonNullable<AuditVerdict['problem']>;

const linkOf = ({ seq, hash }: DbAuditRow): ChainLink => ({ seq, hash });

/** Looks at the rows of an audit from the first to the last, and remembers the first that is wrong. */
export class ChainCheck {
  #first: DbAuditRow | undefined;
  #last: ChainLink = BEGINNING;
  #checked = 0;
  #problem: Problem | undefined;

  get isBroken(): boolean {
    return this.#problem !== undefined;
  }

  get last(): ChainLink {
    return this.#last;
  }

  /** Looks at the next row. */
  add(row: DbAuditRow): void {
    this.#checked += 1;
    this.#problem ??= problemOf(row, this.#first === undefined ? undefined : this.#last);
    this.#first ??= row;
    this.#last = linkOf(row);
  }

  /**
   * The verdict, when all rows were looked at. `head` is where the chain has come to, `cut` the row
   * up to which rows were cut off on purpose.
   */
  verdict(head: ChainLink, cut: ChainLink): AuditVerdict {
    const problem = this.#problem ?? this.#beginning(cut) ?? this.#end(head);
    return {
      ok: problem === undefined,
      checked: this.#checked,
      first: this.#first?.seq ?? 0,
      last: this.#first === undefined ? 0 : this.#last.seq,
      hash: this.#last.hash,
      ...(problem !== undefined && { problem }),
    };
  }

  #beginning(cut: ChainLink): Problem | undefined {
    const first = this.#first;
    if (first === undefined || follows(first, cut)) return undefined;
    const message =
      first.seq === cut.seq + 1
        ? 'It does not continue the rows that were cut off'
        : `${rows(cut.seq + 1, first.seq - 1)} before it missing`;
    return { seq: first.seq, message };
  }

  #end(head: ChainLink): Problem | undefined {
    const { seq, hash } = this.#last;
    if (seq === head.seq && hash === head.hash) return undefined;
    if (seq < head.seq) {
      return { seq: seq + 1, message: `${rows(seq + 1, head.seq)} missing at the end` };
    }
    return { seq, message: 'It is not the last row that was written' };
  }
}

const follows = (row: DbAuditRow, last: ChainLink): boolean =>
  row.seq === last.seq + 1 && row.previous_hash === last.hash;

const rows = (from: number, to: number): string =>
  from === to ? `Row ${from} is` : `Rows ${from} to ${to} are`;

/** What is wrong with a row; `last` is undefined for the first one there is. */
function problemOf(row: DbAuditRow, last: ChainLink | undefined): Problem | undefined {
  const { seq } = row;
  if (row.hash !== rowHash(row)) return { seq, message: 'It was changed' };
  if (last === undefined || follows(row, last)) return undefined;
  if (seq !== last.seq + 1) {
    return { seq, message: `${rows(last.seq + 1, seq - 1)} before it missing` };
  }
  return { seq, message: `It does not continue row ${last.seq}: one of the two was replaced` };
}
