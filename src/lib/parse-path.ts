import type { FieldPath } from './field-path.js';

const STEP = /\["([^"]*)"\]|\[([^\]]*)\]|([^.[\]]+)/g;

/** The steps of a path as the server writes it: `spec.ports[0].name`, `metadata.labels["a.b/c"]`. */
export function parsePath(text: string): FieldPath {
  return [...text.matchAll(STEP)].map(([, quoted, bracketed, word]) => {
    if (bracketed !== undefined && /^\d+$/.test(bracketed)) return Number(bracketed);
    return quoted ?? bracketed ?? word ?? '';
  });
}
