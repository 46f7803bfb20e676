import type { Verdict } from './verdict.js';
import type { SignatureState } from '../../model/commit-signature.js';

/** Words of gpg of which each signature has exactly one. */
const VERDICTS: Readonly<Record<string, SignatureState>> = {
  GOODSIG: 'good',
  EXPSIG: 'expiredKey',
  EXPKEYSIG: 'expiredKey',
  REVKEYSIG: 'revokedKey',
  BADSIG: 'bad',
  ERRSIG: 'unverifiable',
};

const MESSAGES: Readonly<Record<string, string>> = {
  EXPSIG: 'the signature has expired',
  EXPKEYSIG: 'the key has expired',
  REVKEYSIG: 'the key was revoked',
  BADSIG: 'the signature does not fit the commit',
  ERRSIG: 'gpg cannot check this signature',
};

/** ERRSIG says why in its sixth place: there is no such key. */
const NO_KEY = '9';

/** What gpg says in its status lines, which `git verify-commit --raw` passes on. */
export function parseGpgStatus(stderr: string, code: number): Verdict {
  const lines = stderr
    .split('\n')
    .filter((line) => line.startsWith('[GNUPG:] '))
    .map((line) => line.split(' ').slice(1));
  const [verdict, another] = lines.filter(([word = '']) => Object.hasOwn(VERDICTS, word));
  if (/cannot run gpg/.test(stderr)) return { state: 'unverifiable', message: 'gpg is missing' };
  if (verdict === undefined) return { state: 'bad', message: 'the signature is malformed' };
  // Another signature could be good for something else.
  if (another !== undefined) return { state: 'bad', message: 'there is more than one signature' };
  const valid = lines.find(([word]) => word === 'VALIDSIG');
  return verdictOf(verdict, valid?.[1], code);
}

function verdictOf(line: readonly string[], valid: string | undefined, code: number): Verdict {
  const [word = '', keyId = '', , , , , reason, fingerprint] = line;
  const key = valid ?? (word === 'ERRSIG' ? (fingerprint ?? keyId) : keyId);
  if (word === 'ERRSIG' && reason === NO_KEY) return { state: 'unknownKey', key };
  const isGood = word === 'GOODSIG' && valid !== undefined && code === 0;
  if (isGood) return { state: 'good', key };
  const state = VERDICTS[word] === 'good' ? 'bad' : (VERDICTS[word] ?? 'bad');
  return { state, key, message: MESSAGES[word] ?? 'git does not take the signature for good' };
}
