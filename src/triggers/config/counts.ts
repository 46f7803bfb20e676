import { KINDS } from '../../kinds/registered.js';
import type { Vanished } from './judge.js';

/** `module` for one, `4 modules`, `4 objects` when they are of several kinds. */
export function countOf(objects: readonly Vanished[]): string {
  const noun = nounOf(objects);
  return objects.length === 1 ? noun : `${objects.length} ${noun}`;
}

/** `4 of 7 modules`, `4 of 7 objects` when they are of several kinds. */
export function ofCount(part: readonly Vanished[], all: readonly Vanished[]): string {
  return `${part.length} of ${all.length} ${nounOf(all)}`;
}

function nounOf(objects: readonly Vanished[]): string {
  const [kind, ...others] = new Set(objects.map(({ stored }) => stored.kind));
  const isMixed = kind === undefined || others.length > 0;
  const { singular, plural } = isMixed ? OBJECT : KINDS[kind];
  return objects.length === 1 ? singular : plural;
}

const OBJECT = { singular: 'object', plural: 'objects' };
