import Type from 'typebox';
import { printable } from '../../../lib/printable.js';
import type { Problem } from '../../../model/verification.js';
import { check } from '../../check.js';

/** Names that a file system without case, or one that rewrites Unicode, takes for one. */
export const NAME_CLASHES = check({
  id: 'tree/name-clashes',
  title: 'Names differ in more than case or Unicode form',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'On another file system one of the two takes the place of the other, and readers mix them up.',
  remedy: 'Rename one of the two',
  run({ tree }) {
    const first = new Map<string, string>();
    return tree.entries.flatMap(({ path }): Problem[] => {
      const folded = path.normalize('NFC').toLowerCase();
      const other = first.get(folded);
      if (other === undefined) first.set(folded, path);
      if (other === undefined) return [];
      const message = `It differs from "${printable(other)}" only in case or Unicode form`;
      return [{ file: printable(path), message }];
    });
  },
});

/** What shows in no name, or shows a name as another: controls, invisible and bidirectional ones. */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Names look like what they are. */
export const DECEPTIVE_NAMES = check({
  id: 'tree/deceptive-names',
  title: 'Names have no control or invisible characters',
  severity: 'medium',
  mode: 'warn',
  about: 'tree',
  why: 'Such a name looks like another one in a list or a review, or runs commands of the terminal.',
  remedy: 'Rename the file',
  run({ tree }) {
    return tree.entries.flatMap(({ path }): Problem[] => {
      const code = DECEPTIVE.exec(path.slice(path.lastIndexOf('/') + 1))?.[0].codePointAt(0);
      if (code === undefined) return [];
      const name = code.toString(16).toUpperCase().padStart(4, '0');
      return [{ file: printable(path), message: `The name has the character U+${name} in it` }];
    });
  },
});

/** Paths can be used where the files go. */
export const PATH_LENGTHS = check({
  id: 'tree/path-lengths',
  title: 'Paths are not too long',
  severity: 'low',
  mode: 'warn',
  about: 'tree',
  why: 'A long path cannot be opened below another folder: Linux ends at 4,096 bytes, 255 a name.',
  remedy: 'Shorten the names, or use fewer folders',
  parameters: Type.Object({
    maxBytes: Type.Integer({ default: 1024, minimum: 1, maximum: 4096, description: 'Of a path' }),
  }),
  run({ tree }, { maxBytes }) {
    return tree.entries.flatMap(({ path }): Problem[] => {
      const bytes = Buffer.byteLength(path);
      if (bytes <= maxBytes) return [];
      const message = `The path has ${bytes} bytes, more than ${maxBytes}`;
      return [{ file: printable(path), message }];
    });
  },
});
