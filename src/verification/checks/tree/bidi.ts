import type { Problem } from '../../../model/verification.js';
import { check } from '../../check.js';
import { lookAtText, TextParameters } from '../../tree/text-files.js';
import type { TextFile } from '../../tree/text-files.js';

/** Characters that change in which direction the text after them is shown. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/u;

/** Findings of one file: a translation can have one in each line. */
const MAX_PER_FILE = 5;

/** Code reads as it runs. */
export const BIDI_TEXT = check({
  id: 'tree/bidi-text',
  title: 'No text has characters that change its direction',
  severity: 'high',
  mode: 'warn',
  about: 'tree',
  why: 'With them code is shown in another order than it runs in, so that a review sees other code (CVE-2021-42574).',
  remedy: 'Remove the characters, write them as escapes, or name translations in ignore',
  reference: 'CVE-2021-42574',
  parameters: TextParameters,
  run: ({ tree }, parameters) => lookAtText(tree, parameters, directionsIn),
});

function directionsIn({ path: file, text }: TextFile): Problem[] {
  if (!BIDI.test(text)) return [];
  const found = text.split('\n').flatMap((content, index): Problem[] => {
    const at = BIDI.exec(content);
    if (at === null) return [];
    const code = at[0].codePointAt(0)?.toString(16).toUpperCase() ?? '';
    return [{ file, line: index + 1, column: at.index + 1, message: `U+${code} is in the text` }];
  });
  return found.slice(0, MAX_PER_FILE);
}
