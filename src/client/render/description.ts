import { printable } from '../../lib/printable.js';
import { ObjectTable, PLAIN_TABLE } from './object-table.js';
import type { Shown } from './object-table.js';
import { table } from './table.js';

const LABEL_WIDTH = 14;
const LONGEST = 1_000;

/** A line with a label and a value. */
export const field = (label: string, value: string): string =>
  `${`${label}:`.padEnd(LABEL_WIDTH)}${printable(value, LONGEST)}`;

/** `key=value` pairs, the first beside the label, the others below it. */
export function pairs(label: string, map: Readonly<Record<string, string>>): string {
  const entries = Object.entries(map).map(([key, value]) => printable(`${key}=${value}`, LONGEST));
  const text = entries.join(`\n${' '.repeat(LABEL_WIDTH)}`);
  return `${`${label}:`.padEnd(LABEL_WIDTH)}${text || '<none>'}`;
}

export const indent = (text: string): string => text.replace(/^/gm, '  ');

/** A table under its title; the first row has the titles of the columns. */
export const section = (title: string, rows: readonly (readonly string[])[]): string =>
  rows.length <= 1 ? `${title}:  <none>` : `${title}:\n${indent(table(rows))}`;

/** What happened to the object, in the columns of the server. */
export function eventsSection(events: Shown): string {
  const lines = new ObjectTable(events, PLAIN_TABLE).lines(events.entries);
  return lines === '' ? 'Events:  <none>' : `Events:\n${indent(lines)}`;
}
