import { posix } from 'node:path';
import { invalid } from './rule.js';
import type { Rule } from './rule.js';

const RELATIVE = 'a path relative to the root of the repository, without "..", "." and "//"';

/** Whether a path leads below where it begins, and has only one way to be written. */
const isBelow = (path: string): boolean =>
  !path.startsWith('/') && posix.normalize(path) === path && !/^\.\.(\/|$)/.test(path);

/** What must hold of where the code of a module is. */
export const SOURCE_RULES: readonly Rule[] = [
  {
    reads: ['spec.image', 'spec.source'],
    find: ({ spec: { image, source } }) =>
      image === '' && source === undefined
        ? [
            {
              ...{ path: ['spec', 'image'], reason: 'FieldValueRequired' },
              detail: 'there is nothing to run: set spec.image, or spec.source to build from',
            },
          ]
        : [],
  },
  {
    reads: ['spec.source'],
    find: ({ spec: { source } }) => {
      if (source === undefined) return [];
      const { path, dockerfile } = source;
      return [
        ...(isBelow(path) && !path.endsWith('/')
          ? []
          : [invalid(['spec', 'source', 'path'], RELATIVE, path)]),
        ...(isBelow(dockerfile) && dockerfile !== '.' && !dockerfile.endsWith('/')
          ? []
          : [invalid(['spec', 'source', 'dockerfile'], RELATIVE, dockerfile)]),
      ];
    },
  },
];
