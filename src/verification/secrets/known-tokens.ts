import { isPlaceholder } from '../checks/tree/secrets/placeholder.js';
import { TOKEN_SHAPES } from '../checks/tree/secrets/token-shapes.js';

/**
 * Forms beside those of TOKEN_SHAPES. In the files of a source secretlint finds these; what runs in
 * the thread of the daemon is looked at with our own patterns, which take no long time on any text.
 */
const FORMS: readonly (readonly [string, RegExp])[] = [
  ['a token of GitHub', /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22})/g],
  ['a token of GitLab', /\bglpat-[\w-]{20}/g],
  ['a token of Slack', /\bxox[abeoprs]-[A-Za-z0-9-]{10}/g],
  ['a key of OpenAI', /\bsk-(?!ant-|or-)(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{32}/g],
  ['a key of Anthropic', /\bsk-ant-[\w-]{20}/g],
  ['a token of Hugging Face', /\bhf_[A-Za-z0-9]{30}/g],
  ['a token of npm', /\bnpm_[A-Za-z0-9]{36}/g],
  ['a token of Docker Hub', /\bdckr_(?:pat|oat)_[\w-]{20}/g],
  ['a token of Registrar', /\brgt_[\w-]{49}/g],
  ['a JSON web token', /(?<![\w-])eyJ[\w-]{8,2048}\.eyJ[\w-]{8,4096}\.[\w-]{16}/g],
  ['a private key', /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g],
  [
    'an address with a password',
    /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,256}:(?![$<{])[^\s/@]{3,256}@/gi,
  ],
  ...TOKEN_SHAPES.map(({ of, pattern }) => [`a credential of ${of}`, pattern] as const),
];

/** The forms of tokens that are in a text: `a token of GitHub`. Never the token itself. */
export const knownTokens = (text: string): string[] => [
  ...new Set(FORMS.filter(([, form]) => isIn(text, form)).map(([name]) => name)),
];

const isIn = (text: string, form: RegExp): boolean =>
  [...text.matchAll(form)].some(([found]) => !isPlaceholder(found));
