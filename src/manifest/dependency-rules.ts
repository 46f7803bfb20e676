import { duplicates, forbidden, namesOf } from './rule.js';
import type { Rule } from './rule.js';

/** What must hold of dependencies that one manifest can tell; the store knows of cycles. */
export const DEPENDENCY_RULES: readonly Rule[] = [
  {
    reads: ['spec.dependsOn'],
    find: ({ spec }) => duplicates(namesOf('dependsOn', spec.dependsOn)),
  },
  {
    reads: ['spec.dependsOn', 'metadata.name'],
    find: ({ metadata, spec }) =>
      namesOf('dependsOn', spec.dependsOn)
        .filter(({ value }) => value === metadata.name)
        .map(({ path }) => forbidden(path, 'a module cannot depend on itself: leave it out')),
  },
];
