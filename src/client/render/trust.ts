import { printable } from '../../lib/printable.js';
import type { TrustLink } from '../../model/trust.js';
import { table } from './table.js';

const LONGEST = 300;

/** The links of a chain, one below the other. */
export function trustTable(links: readonly TrustLink[]): string {
  const rows = links.map(({ link, holds, value, detail }) =>
    [link, holds, value, detail].map((text) => printable(text, LONGEST)),
  );
  return table([['LINK', 'HOLDS', 'VALUE', 'WHY'], ...rows]);
}
