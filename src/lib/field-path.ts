import { printable } from './printable.js';

/** Way from the root of plain data to a value in it: keys of objects and indexes of arrays. */
export type FieldPath = readonly (string | number)[];

const WORD = /^[A-Za-z_$][\w$]*$/;

/** `spec.ports[0].hostPort`; a key that is not a plain word shows as `["a.b/c"]`. */
export function formatPath(path: FieldPath): string {
  return path
    .map((step) => {
      if (typeof step === 'number') return `[${step}]`;
      return WORD.test(step) ? `.${printable(step)}` : `[${JSON.stringify(printable(step))}]`;
    })
    .join('')
    .replace(/^\./, '');
}
