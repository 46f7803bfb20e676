import { printable } from '../../lib/printable.js';

/** Space between columns, and the least width of one with it: those of kubectl. */
const PADDING = 3;
const MIN_WIDTH = 6;

const LONGEST_CELL = 1_000;

const widthOf = (text: string): number => [...text].length;

/** Lays out rows in columns that are as wide as the widest cell so far. */
export interface Columns {
  /** Lines for the rows; cells are made safe to print. */
  lines(rows: readonly (readonly string[])[]): string[];
}

/** Columns that remember their widths, so that rows which come later line up. */
export function columns(): Columns {
  const widths: number[] = [];
  const pad = (cell: string, index: number): string =>
    cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell)));
  return {
    lines(rows) {
      const safe = rows.map((row) => row.map((cell) => printable(cell, LONGEST_CELL)));
      for (const row of safe) {
        row.forEach((cell, index) => {
          widths[index] = Math.max(widths[index] ?? MIN_WIDTH, widthOf(cell) + PADDING);
        });
      }
      return safe.map((row) => row.map(pad).join('').trimEnd());
    },
  };
}

/** Rows as a text in columns. */
export function table(rows: readonly (readonly string[])[]): string {
  return columns().lines(rows).join('\n');
}
