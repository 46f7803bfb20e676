import type { Problem } from '../../../../model/verification.js';
import { check } from '../../../check.js';
import { envLines } from '../../../tree/env-lines.js';
import { lookAtText, TextParameters } from '../../../tree/text-files.js';
import type { TextFile } from '../../../tree/text-files.js';
import { baseOf } from '../../../tree/tree-path.js';
import { isPlaceholder } from './placeholder.js';

/** Files that show which variables there are. */
const SHOWN = /\.(?:example|sample|template|tmpl|dist|defaults?|schema|spec|md)$/i;

const isEnvFile = (path: string): boolean => {
  const name = baseOf(path);
  return /^\.env(?:\..+)?$|.\.env$/i.test(name) && !SHOWN.test(name);
};

const SECRET_NAME =
  /(?:^|_)(?:SECRET|TOKEN|PASS|PASSWORD|PASSWD|PWD|PASSPHRASE|MNEMONIC|SEED|CREDENTIALS?|(?:API|PRIVATE|ACCESS|SECRET|AUTH|SIGNING|ENCRYPTION|COLD|HOT)_?KEY|APIKEY)(?:_|$)/i;

/** Shorter values are settings, such as `TOKEN=on`. */
const LEAST_LENGTH = 6;

/** No env file that sets a secret. */
export const ENV_SECRETS = check({
  id: 'tree/env-secrets',
  title: 'No env file of the source sets a secret',
  severity: 'critical',
  mode: 'enforce',
  about: 'tree',
  why: 'Values that were meant for one machine are readable for all who have the source or the image.',
  remedy: 'Take the file out of git, replace its secrets by new ones, and give them as a Secret',
  parameters: TextParameters,
  run: ({ tree }, parameters) => lookAtText(tree, parameters, secretsIn),
});

function secretsIn({ path: file, text }: TextFile): Problem[] {
  if (!isEnvFile(file)) return [];
  return envLines(text)
    .filter(({ name, value }) => SECRET_NAME.test(name) && value.length >= LEAST_LENGTH)
    .filter(({ value }) => !value.startsWith('$') && !isPlaceholder(value))
    .map(({ name, line }) => ({ file, line, message: `It sets "${name}"` }));
}

/** No env file at all. */
export const ENV_FILES = check({
  id: 'tree/env-files',
  title: 'The source has no env file',
  severity: 'low',
  mode: 'warn',
  about: 'tree',
  why: 'Such a file is for one machine; in the source it is copied into images, and gets secrets later.',
  remedy: 'Keep .env.example in its place, and name .env in .gitignore and .dockerignore',
  run({ tree }) {
    return tree.entries
      .filter(({ path, type }) => type === 'file' && isEnvFile(path))
      .map(({ path: file }) => ({ file, message: 'It is an env file' }));
  },
});
