import { check } from '../../check.js';
import { isWalletKey, namesColdkey } from '../../secrets/wallet-key.js';
import { hasMnemonic } from '../../secrets/mnemonic.js';
import { isSecretVariable } from '../../secrets/secret-variable.js';
import { knownTokens } from '../../secrets/known-tokens.js';
import { argumentTexts, commandLines, envTexts, noteTexts } from './texts.js';

const REMEDY = 'Take it out, and replace the secret where it is used: it counts as known';

/** The key that owns the stake is not in the environment. */
export const COLDKEY_ENV = check({
  id: 'manifest/coldkey-env',
  title: 'No coldkey is in the environment or the arguments',
  severity: 'critical',
  mode: 'enforce',
  about: 'manifest',
  why: 'Whoever may read the module reads its environment. Modules sign with a hotkey and need no coldkey.',
  remedy: 'Take it out, and move what the coldkey owns to a new one: it counts as known',
  run({ manifest }) {
    const named = envTexts(manifest)
      .filter(({ name, text }) => namesColdkey(name, text))
      .map(({ field }) => ({
        field,
        message: 'The variable is named as one that holds a coldkey',
      }));
    const seen = [...envTexts(manifest), ...argumentTexts(manifest)]
      .filter(({ text }) => isWalletKey(text))
      .map(({ field }) => ({ field, message: 'The value looks like the key file of a wallet' }));
    return [...named, ...seen];
  },
});

/** No phrase that a wallet can be made from. */
export const MNEMONIC = check({
  id: 'manifest/mnemonic',
  title: 'No mnemonic is in the environment or the arguments',
  severity: 'critical',
  mode: 'enforce',
  about: 'manifest',
  why: 'A mnemonic is the wallet: whoever may read the module can make it anywhere.',
  remedy: 'Take it out, and move what the wallet owns to a new one: it counts as known',
  run({ manifest }) {
    return [...envTexts(manifest), ...commandLines(manifest)]
      .filter(({ text }) => hasMnemonic(text))
      .map(({ field }) => ({ field, message: 'There are twelve or more words as in a mnemonic' }));
  },
});

/** No secret that can be told by its form. */
export const KNOWN_TOKENS = check({
  id: 'manifest/known-tokens',
  title: 'No token of a known form is in plain text',
  severity: 'high',
  mode: 'enforce',
  about: 'manifest',
  why: 'Whoever may read the module reads what is in it, and so does the history of its repository.',
  remedy: REMEDY,
  run({ manifest }) {
    // Some keys are known by what they are called.
    const env = envTexts(manifest).map(({ field, name, text }) => ({
      field,
      text: `${name}=${text}`,
    }));
    return [...env, ...argumentTexts(manifest), ...noteTexts(manifest)].flatMap(({ field, text }) =>
      knownTokens(text).map((form) => ({ field, message: `The text looks like ${form}` })),
    );
  },
});

/** No variable that is named as a secret. */
export const SECRET_ENV = check({
  id: 'manifest/secret-env',
  title: 'Variables that are named as secrets have no plain value',
  severity: 'medium',
  mode: 'warn',
  about: 'manifest',
  why: 'A plain value is seen by everybody who may read the module. One of a Secret is not.',
  remedy: 'Take the value from a Secret with valueFrom, or from a file that is mounted',
  run({ manifest }) {
    return envTexts(manifest)
      .filter(({ name, text }) => isSecretVariable(name, text))
      .map(({ field }) => ({ field, message: 'The variable is named as one that holds a secret' }));
  },
});
