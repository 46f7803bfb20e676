import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { lineAt, lookAtText, TextParameters } from '../../../tree/text-files.js';
import type { TextFile } from '../../../tree/text-files.js';
import { isPlaceholder } from './placeholder.js';

/** `api_key = "…"`, `"clientSecret": "…"`, `TOKEN: …`: a name that says secret, and a value of it. */
const ASSIGNED =
  /(?:secret|token(?!i[sz])|passw(?:or)?d|passphrase|api_?key|auth_?key|access_?key)[A-Za-z0-9_]{0,20}["']?[ \t]{0,8}(?:=>|:=|[:=])[ \t]{0,8}["'`]([^\s"'`]{16,200})["'`]/gi;

/** A signed token: header and body are JSON, in Base64. */
const SIGNED = /\b(eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,2000})/g;

/** Bits per character: what is made by chance has more than words of any language. */
const LEAST_ENTROPY = 3.5;

/** Values that are looked up elsewhere. */
const LOOKED_UP = /^(?:\$|process\.|os\.|env[.[(]|https?:|\/|\.\/|file:|arn:|projects\/)/i;

/** No values that look like secrets, assigned to what is called so. */
export const ASSIGNED_SECRETS = check({
  id: 'tree/assigned-secrets',
  title: 'No value of a secret is written into code or settings',
  severity: 'high',
  mode: 'warn',
  about: 'tree',
  why: 'A value that looks made by chance, of something called token or secret, mostly is a real one.',
  remedy: 'Read it from an environment variable that the manifest fills from a Secret',
  parameters: TextParameters,
  run: ({ tree }, parameters) => lookAtText(tree, parameters, valuesIn),
});

const valuesIn = ({ path: file, text }: TextFile): Problem[] =>
  [...text.matchAll(ASSIGNED), ...text.matchAll(SIGNED)]
    .filter(([, value = '']) => looksMade(value))
    .map(({ index }) => ({
      ...{ file, line: lineAt(text, index), message: 'It has what looks like a secret in it' },
    }));

const looksMade = (value: string): boolean =>
  /\d/.test(value) &&
  /[a-z]/i.test(value) &&
  !LOOKED_UP.test(value) &&
  !isPlaceholder(value) &&
  entropyOf(value) >= LEAST_ENTROPY;

/** Shannon entropy of the characters, in bits each. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}
