import { isJsonObject } from '../../lib/merge-patch.js';
import type { JsonObject } from '../../lib/merge-patch.js';
import { printable } from '../../lib/printable.js';
import type { AnyObject } from '../answers.js';
import { LAST_APPLIED } from '../last-applied.js';
import { eventsSection, field, indent, pairs } from './description.js';
import type { Shown } from './object-table.js';

const LONGEST = 1_000;

/** What every object has is told in lines of its own, or not at all. */
const TOLD = new Set(['apiVersion', 'kind', 'metadata', 'managedFields']);

/** All that is known of an object of any kind, for a person. */
export function renderObject(object: AnyObject, events: Shown): string {
  const { metadata, apiVersion, kind } = object;
  const { [LAST_APPLIED]: _, ...annotations } = metadata.annotations ?? {};
  const { name, namespace, creationTimestamp } = metadata as JsonObject;
  const rest = Object.entries(object).filter(([key]) => !TOLD.has(key));
  return [
    field('Name', String(name)),
    ...(typeof namespace === 'string' ? [field('Namespace', namespace)] : []),
    pairs('Labels', metadata.labels ?? {}),
    pairs('Annotations', annotations),
    field('API Version', apiVersion),
    field('Kind', kind),
    field('Created', String(creationTimestamp)),
    ...rest.map(([key, value]) => line(key, value)),
    eventsSection(events),
  ].join('\n');
}

/** A field with its value beside it, or below it when it has parts. */
function line(key: string, value: unknown): string {
  const parts = partsOf(value);
  return parts === undefined ? `${titleOf(key)}:  ${textOf(value)}` : `${titleOf(key)}:\n${parts}`;
}

/** The parts of a value, one a line and indented; undefined when it has none. */
function partsOf(value: unknown): string | undefined {
  const lines = Array.isArray(value)
    ? value.map(itemOf)
    : Object.entries(isJsonObject(value) ? value : {}).map(([key, inner]) => line(key, inner));
  return lines.length === 0 ? undefined : indent(lines.join('\n'));
}

/** An item of a list: `-` stands before the first line of it. */
function itemOf(value: unknown): string {
  const parts = partsOf(value);
  return `- ${parts === undefined ? textOf(value) : parts.trimStart()}`;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return printable(value, LONGEST) || '<none>';
  const isEmpty = value === null || (typeof value === 'object' && Object.keys(value).length === 0);
  return isEmpty || value === undefined ? '<none>' : printable(JSON.stringify(value), LONGEST);
}

/** `creationTimestamp` as `Creation Timestamp`. Keys that are no names of fields stay as they are. */
function titleOf(key: string): string {
  const safe = printable(key, LONGEST);
  if (!/^[a-z][A-Za-z0-9]*$/.test(safe)) return safe;
  const words = safe.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
