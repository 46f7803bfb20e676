import { parseImageReference } from '../model/image-reference.js';
import { forbidden, invalid } from './rule.js';
import type { Rule } from './rule.js';

/** What must hold of what is followed: something that can become another. */
export const UPDATES_RULES: readonly Rule[] = [
  {
    reads: ['spec.image', 'spec.source', 'spec.updates'],
    find: ({ spec: { image, source, updates } }) =>
      updates.policy === 'Follow' && image === '' && (source?.commit ?? '') !== ''
        ? [
            forbidden(
              ['spec', 'source', 'commit'],
              'a pinned commit cannot be followed: leave it out, or set spec.updates.policy to Manual',
            ),
          ]
        : [],
  },
  {
    reads: ['spec.image', 'spec.updates'],
    find: ({ spec: { image, updates } }) =>
      updates.policy === 'Follow' && parseImageReference(image)?.digest !== undefined
        ? [
            forbidden(
              ['spec', 'image'],
              'an image with a digest cannot be followed: name it by its tag, or set spec.updates.policy to Manual',
            ),
          ]
        : [],
  },
  {
    reads: ['spec.image', 'spec.updates'],
    find: ({ spec: { image, updates } }) =>
      image !== '' && updates.range !== undefined
        ? [
            forbidden(
              ['spec', 'updates', 'range'],
              'a range is of the tags of a repository: leave it out and name the tag to follow in spec.image',
            ),
          ]
        : [],
  },
  {
    reads: ['spec.updates'],
    find: ({
      spec: {
        updates: { gate },
      },
    }) => {
      if (gate === undefined) return [];
      const given = [gate.command, gate.http].filter((one) => one !== undefined);
      if (given.length === 1) return [];
      return [invalid(['spec', 'updates', 'gate'], 'exactly one of command and http')];
    },
  },
];
