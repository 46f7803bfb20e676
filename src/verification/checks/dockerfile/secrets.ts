import { printable } from '../../../lib/printable.js';
import { withoutEnd } from '../../dockerfile/blank.js';
import { dockerfileCheck } from './dockerfile-check.js';
import { instructionsOf } from './of-instructions.js';
import { isLiteral, isSecretName } from './secret-words.js';

const REMEDY =
  'Take the value out, replace it by a new one, and give it as a Secret when the module runs';

const SECRET_IN_ENV = dockerfileCheck({
  id: 'dockerfile/secret-in-env',
  title: 'No secret is written into ENV or LABEL',
  severity: 'critical',
  mode: 'enforce',
  reference: 'DL3064',
  why: 'Everybody who has the image can read its variables and labels.',
  remedy: REMEDY,
  *find(dockerfile) {
    for (const { keyword, pairs } of instructionsOf(dockerfile, 'ENV', 'LABEL'))
      for (const { name, value = '', line } of pairs)
        if (isSecretName(name) && isLiteral(value))
          yield { line, message: `${keyword} has the value of "${printable(name)}"` };
  },
});

const SECRET_IN_ARG = dockerfileCheck({
  id: 'dockerfile/secret-in-arg',
  title: 'No secret is the default of an ARG',
  severity: 'critical',
  mode: 'enforce',
  reference: 'DL3064',
  why: 'The default stands in the source, and in the history of the image.',
  remedy: REMEDY,
  *find(dockerfile) {
    for (const { pairs } of instructionsOf(dockerfile, 'ARG'))
      for (const { name, value = '', line } of pairs)
        if (isSecretName(name) && isLiteral(value))
          yield { line, message: `ARG has the value of "${printable(name)}"` };
  },
});

const SECRET_ARGUMENT = dockerfileCheck({
  id: 'dockerfile/secret-argument',
  title: 'No ARG or ENV is made for a secret',
  severity: 'medium',
  mode: 'warn',
  reference: 'DL3064',
  why: 'Arguments of a build stay in the history of the image, and variables in the image.',
  remedy:
    'Give it as a Secret when the module runs; a build that needs one is better done elsewhere',
  *find(dockerfile) {
    for (const { keyword, pairs } of instructionsOf(dockerfile, 'ARG', 'ENV'))
      for (const { name, value, line } of pairs) {
        const isPassed = value === undefined || value.includes('$');
        if (isSecretName(name) && isPassed)
          yield { line, message: `${keyword} "${printable(name)}" is made for a secret` };
      }
  },
});

/** Files that hold secrets by their name; public keys and examples do not. */
const SECRET_FILES =
  /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)|\.env(?:\.(?:local|prod|production|development|staging))?|\.netrc|\.pypirc|\.pgpass|\.git-credentials|\.aws(?:\/.*)?|\.ssh(?:\/.*)?|\.kube(?:\/.*)?|\.gnupg(?:\/.*)?|\.bittensor(?:\/.*)?|coldkey|hotkey|[^/]+\.(?:p12|pfx|jks|kdbx))$/;

const COPY_SECRET = dockerfileCheck({
  id: 'dockerfile/copy-secret-file',
  title: 'No file of secrets is copied into the image',
  severity: 'critical',
  mode: 'enforce',
  why: 'What was copied stays in the image, also when a later instruction removes it.',
  remedy: 'Mount it when the module runs, or give it as a Secret',
  *find(dockerfile) {
    for (const { flags, words, json, line } of instructionsOf(dockerfile, 'COPY', 'ADD')) {
      if (flags.some(({ name }) => name === 'from')) continue;
      const sources = (json ?? words.map(({ text }) => text)).slice(0, -1);
      for (const source of sources)
        if (SECRET_FILES.test(withoutEnd(source, '/')))
          yield { line, message: `"${printable(source)}" holds secrets, by its name` };
    }
  },
});

/** Secrets in what the image keeps. */
export const SECRET_CHECKS = [SECRET_IN_ENV, SECRET_IN_ARG, SECRET_ARGUMENT, COPY_SECRET];
