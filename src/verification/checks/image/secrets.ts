import { check } from '../../check.js';
import type { ImageSubject } from '../../subjects.js';
import { hasMnemonic } from '../../secrets/mnemonic.js';
import { isSecretVariable } from '../../secrets/secret-variable.js';
import { knownTokens } from '../../secrets/known-tokens.js';
import { isWalletKey } from '../../secrets/wallet-key.js';

/** A name that can be shown: a secret without a name before it is none. */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,79}$/;

/** No secret is in what everybody reads who can pull the image. */
export const IMAGE_TOKENS = check({
  id: 'image/known-tokens',
  title: 'No secret of a known form is in the settings of the image',
  severity: 'critical',
  mode: 'enforce',
  about: 'image',
  why: 'Whoever can pull the image reads its environment, its command and its labels.',
  remedy: 'Build the image without it, and replace the secret where it is used: it counts as known',
  run({ image }) {
    return textsOf(image).flatMap(({ where, text, isProse }) =>
      formsIn(text, isProse).map((form) => ({
        message: `The ${where} of the image has ${form} in it`,
      })),
    );
  },
});

function formsIn(text: string, isProse: boolean): string[] {
  return [
    ...knownTokens(text),
    ...(isWalletKey(text) ? ['the key file of a wallet'] : []),
    ...(!isProse && hasMnemonic(text) ? ['twelve or more words as in a mnemonic'] : []),
  ];
}

/** Twelve words in a row are a mnemonic in what is run and its environment, and prose in labels. */
function textsOf({ env, entrypoint, command, labels }: ImageSubject['image']) {
  return [
    ...env.map((text) => ({ where: 'environment', text, isProse: false })),
    { where: 'entry point', text: entrypoint.join(' '), isProse: false },
    { where: 'command', text: command.join(' '), isProse: false },
    ...Object.entries(labels).map(([key, value]) => ({
      where: 'labels',
      text: `${key}=${value}`,
      isProse: true,
    })),
  ];
}

/** No variable of the image is named as a secret. */
export const IMAGE_SECRET_ENV = check({
  id: 'image/secret-env',
  title: 'The image has no variables that are named as secrets',
  severity: 'medium',
  mode: 'warn',
  about: 'image',
  why: 'Whoever can pull the image reads its environment.',
  remedy: 'Take ENV and ARG out of the build, and set the variable from a Secret with valueFrom',
  run({ image: { env } }) {
    return env.flatMap((variable) => {
      const [name = '', ...rest] = variable.split('=');
      if (!isSecretVariable(name, rest.join('='))) return [];
      const shown = NAME.test(name) ? `Variable "${name}"` : 'A variable';
      return [{ message: `${shown} is named as one that holds a secret` }];
    });
  },
});
