/** Numbers of words that a mnemonic can have. */
const LENGTHS = [24, 21, 18, 15, 12] as const;

/** More words of the list in a row are a list of words. */
const MAX_RUN = 40;

/** What may stand between the words of a mnemonic: white space, quotes, commas, numbers, brackets. */
const WORD = /[a-z]+|[^a-z\s"'`,.()[\]0-9-]+/g;

/** The words of the list have 3 to 8 letters: a text without twelve such in a row is not looked into. */
const TWELVE_WORDS = /(?<![a-z])(?:[a-z]{3,8}[\s"'`,.()[\]0-9-]+){11}[a-z]{3,8}(?![a-z])/;

/** Mnemonics that are public: what development chains and their documentation use. */
const PUBLIC: readonly string[] = [
  'bottom drive obey lake curtain smoke basket hold race lonely fit walk',
  `${'test '.repeat(11)}junk`,
  `${'abandon '.repeat(11)}about`,
  `${'abandon '.repeat(23)}art`,
];

type Validate = (phrase: string) => boolean;
interface Words {
  readonly has: (word: string) => boolean;
  readonly isValid: Validate;
}

let loaded: Promise<Words> | undefined;

async function load(): Promise<Words> {
  const [{ validateMnemonic }, { wordlist }] = await Promise.all([
    import('@scure/bip39'),
    import('@scure/bip39/wordlists/english.js'),
  ]);
  const words = new Set(wordlist);
  return {
    has: (word) => words.has(word),
    isValid: (phrase) => validateMnemonic(phrase, wordlist) && !PUBLIC.includes(phrase),
  };
}

/**
 * Where in a text mnemonics of a wallet begin: 12 to 24 words of the English list of BIP 39 in a
 * row whose checksum is right, which of ordinary words one in sixteen is.
 */
export async function mnemonicsIn(text: string): Promise<number[]> {
  if (!TWELVE_WORDS.test(text)) return [];
  loaded ??= load();
  const words = await loaded;
  const found: number[] = [];
  let run: { word: string; index: number }[] = [];
  const end = (): void => {
    const index = run.length >= 12 && run.length <= MAX_RUN ? beginIn(run, words) : undefined;
    if (index !== undefined) found.push(index);
    run = [];
  };
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (words.has(word)) run.push({ word, index });
    else end();
  }
  end();
  return found;
}

/** A phrase is mostly the whole run; words of the list may stand before it, such as `seed phrase`. */
function beginIn(
  run: readonly { word: string; index: number }[],
  { isValid }: Words,
): number | undefined {
  for (const length of LENGTHS) {
    for (let from = run.length - length; from >= 0; from -= 1) {
      const phrase = run.slice(from, from + length).map(({ word }) => word);
      // A phrase of words that are all the same is none.
      if (new Set(phrase).size > 4 && isValid(phrase.join(' '))) return run[from]?.index;
    }
  }
  return undefined;
}
