/** The words of the usual lists have 3 to 8 letters. */
const WORD = /^[a-z]{3,8}$/;

/** What stands between words, also in JSON and after `--mnemonic=`. */
const BETWEEN = /[\s,;:="'`()[\]{}]+/;

/** The shortest mnemonic; the others have 15, 18, 21 and 24 words. */
const LEAST_WORDS = 12;

/**
 * Whether a text has twelve or more words in a row as in a mnemonic. The exact number is not asked
 * for: `echo` before twelve words makes them no less of a mnemonic. Nor is the list of the words, as in
 * the files of a source: no argument or variable is that much prose, and there are other lists.
 */
export function hasMnemonic(text: string): boolean {
  let inARow = 0;
  for (const word of text.split(BETWEEN)) {
    inARow = WORD.test(word) ? inARow + 1 : 0;
    if (inARow >= LEAST_WORDS) return true;
  }
  return false;
}
