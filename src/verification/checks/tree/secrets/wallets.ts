import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { lineAt, lookAtText, TextParameters } from '../../../tree/text-files.js';
import type { TextFile } from '../../../tree/text-files.js';
import { isPlaceholder } from './placeholder.js';
import { mnemonicsIn } from './mnemonic.js';

/** Where the command line of Bittensor keeps the keys of a wallet. */
const KEY_PATH = /(?:^|\/)wallets\/[^/]+\/(?:coldkey|hotkeys\/[^/]+)$/;
/** Public halves, which may be shown. */
const PUBLIC_PATH = /pub(?:\.txt)?$/;

/** How keys of wallets are written down. */
const FORMS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'the phrase of a wallet', pattern: /"secretPhrase" ?: ?"[^"\n]{20,400}"/g },
  {
    what: 'the private key of a wallet',
    pattern:
      /(?:private|secret|cold|hot|wallet)[-_ ]?(?:key|seed)(?:[-_ ]?(?:seed|hex|bytes))?["']?[ \t]{0,8}[:=][ \t]{0,8}["']?(?:0x)?[0-9a-fA-F]{64}(?:[0-9a-fA-F]{64})?(?![0-9a-fA-F])/gi,
  },
  { what: 'an extended private key', pattern: /\b[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{100,112}\b/g },
  {
    what: 'an encrypted wallet',
    pattern: /"ciphertext" ?: ?"[0-9a-f]{64,}"[^\0]{0,800}?"kdf(?:params)?" ?:/g,
  },
  {
    what: 'an encrypted wallet',
    pattern: /"encoded" ?: ?"[0-9A-Za-z+/=]{100,}"[^\0]{0,200}?"pkcs8"/g,
  },
  { what: 'a key pair of Solana', pattern: /^\s*\[(?:\s*\d{1,3}\s*,){63}\s*\d{1,3}\s*\]\s*$/g },
  { what: 'an encrypted key of a wallet', pattern: /^\$NACL/g },
];

/** No keys of wallets. */
export const WALLETS = check({
  id: 'tree/wallets',
  title: 'No file has a key of a wallet in it',
  severity: 'critical',
  mode: 'enforce',
  about: 'tree',
  why: 'Whoever has the key or the words of a wallet owns what is in it; an encrypted one can be guessed.',
  remedy: 'Move the funds to a new wallet, take the file out, and mount wallets read-only',
  parameters: TextParameters,
  run: ({ tree }, parameters) => lookAtText(tree, parameters, keysIn),
});

async function keysIn(file: TextFile): Promise<Problem[]> {
  const { path, text } = file;
  const formed = FORMS.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)]
      .filter(([found]) => !isPlaceholder(found))
      .map(({ index }) => problem(file, index, `It has ${what} in it`)),
  );
  const phrases = (await mnemonicsIn(text)).map((index) =>
    problem(file, index, 'It has the words of a wallet (BIP 39) in it'),
  );
  const found = onePerLine([...formed, ...phrases]);
  const isKey = KEY_PATH.test(path) && !PUBLIC_PATH.test(path) && text.trim() !== '';
  if (!isKey || found.length > 0) return found;
  return [{ file: path, message: 'It is a key of a wallet, by its place' }];
}

/** A phrase of a wallet's file is a phrase by its words too. */
const onePerLine = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.toReversed().map((found) => [found.line, found])).values(),
];

const problem = ({ path: file, text }: TextFile, index: number, message: string): Problem => ({
  ...{ file, line: lineAt(text, index), message },
});
