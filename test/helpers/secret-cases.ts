import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { entropyToMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { parse } from 'yaml';

/** A text that has a secret in it, or only looks so. */
export interface SecretCase {
  /** The check that is to find it. */
  readonly check: string;
  readonly path: string;
  readonly text: string;
  readonly isSecret: boolean;
  /** As it is written in the fixture. */
  readonly written: string;
  /** What was put in and must not be shown by anything. */
  readonly secrets: readonly string[];
}

interface Fixture {
  readonly check: string;
  readonly found: readonly Written[];
  readonly near: readonly Written[];
}
type Written = string | { readonly path: string; readonly text: string };

const FOLDER = join(import.meta.dirname, '../fixtures/secrets');
const DEFAULT_PATH = 'src/settings.txt';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ALPHABETS: Readonly<Record<string, string>> = {
  hex: '0123456789abcdef',
  digits: '123456789',
  letters: LETTERS,
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
  base62: `${LETTERS}0123456789`,
  base64: `${LETTERS}0123456789+/`,
  base58: '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
};

/** The same bytes for the same seed. */
function bytesOf(seed: string, length: number): number[] {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, block) =>
    createHash('sha256').update(`${seed} ${block}`).digest(),
  );
  return [...Buffer.concat(blocks).subarray(0, length)];
}

const mnemonic = (seed: string, words: number): string[] =>
  entropyToMnemonic(Uint8Array.from(bytesOf(seed, (words * 4) / 3)), wordlist).split(' ');

/** Another last word, so that the checksum is wrong. */
function wrongMnemonic(seed: string, words: number): string[] {
  const right = mnemonic(seed, words);
  const last = wordlist.indexOf(right.at(-1) ?? '');
  return [...right.slice(0, -1), wordlist[(last + 1) % wordlist.length] ?? ''];
}

const WORDS: Readonly<Record<string, (seed: string, count: number) => string>> = {
  mnemonic: (seed, count) => mnemonic(seed, count).join(' '),
  'mnemonic-lines': (seed, count) => mnemonic(seed, count).join('\n'),
  'quoted-mnemonic': (seed, count) =>
    mnemonic(seed, count)
      .map((word) => `"${word}"`)
      .join(', '),
  'numbered-mnemonic': (seed, count) =>
    mnemonic(seed, count)
      .map((word, index) => `${index + 1}. ${word}`)
      .join('\n'),
  'wrong-mnemonic': (seed, count) => wrongMnemonic(seed, count).join(' '),
  'word-list': (_seed, count) => wordlist.slice(0, count).join('\n'),
  bytes: (seed, count) => bytesOf(seed, count).join(', '),
};

function expanded(text: string, seed: string): { text: string; secrets: string[] } {
  const secrets: string[] = [];
  const whole = text.replaceAll(
    /\{\{([a-z0-9-]+):([^}]*)\}\}/g,
    (_whole, kind: string, what: string) => {
      if (kind === 'is') return what;
      const secret = made(kind, Number(what), `${seed} ${secrets.length}`);
      secrets.push(secret);
      return secret;
    },
  );
  return { text: whole, secrets };
}

function made(kind: string, count: number, seed: string): string {
  const alphabet = ALPHABETS[kind];
  if (alphabet === undefined) return WORDS[kind]?.(seed, count) ?? `no such kind: ${kind}`;
  return bytesOf(seed, count)
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
}

function caseOf(check: string, written: Written, isSecret: boolean): SecretCase {
  const { path, text } =
    typeof written === 'string' ? { path: DEFAULT_PATH, text: written } : written;
  return { ...{ check, path, isSecret, written: text }, ...expanded(text, `${check} ${text}`) };
}

/** Every labelled case of test/fixtures/secrets, with its secrets put in; the same every time. */
export function secretCases(): SecretCase[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const { check, found, near } = parse(readFileSync(join(FOLDER, name), 'utf8')) as Fixture;
      return [
        ...found.map((one) => caseOf(check, one, true)),
        ...near.map((one) => caseOf(check, one, false)),
      ];
    });
}
