import { writtenForms } from '../../lib/conceal.js';
import { printable } from '../../lib/printable.js';
import type { Module } from '../../model/module.js';
import { secretVariables } from '../../model/secret.js';
import type { Registry } from '../../registry/registry.js';
import { knownTokens } from '../../verification/secrets/known-tokens.js';
import { hasMnemonic } from '../../verification/secrets/mnemonic.js';
import { isSecretVariable } from '../../verification/secrets/secret-variable.js';
import { isWalletKey } from '../../verification/secrets/wallet-key.js';
import { findRevision } from '../blueprint.js';
import { filesIn } from '../preparation/secret-use.js';

const LONGEST_LINE = 200;
/** Longer lines are judged by their beginning, and shown no further. */
const LONGEST_JUDGED = 4096;

/** What no line may hold: the values that a revision of a module has from Secrets, as they are written. */
export function secretTexts(
  { metadata, spec }: Module,
  revision: string,
  registry: Registry,
): readonly string[] {
  const made = findRevision(metadata.name, revision, registry)?.spec.template ?? spec;
  const uses = [...secretVariables(made), ...filesIn(made, { registry })];
  return writtenForms(
    uses.flatMap(({ name, key }) => [...registry.secrets.reveal(name, [key]).values()]),
  );
}

/** `NAME=value`, `name: value`, also in JSON. */
const ASSIGNMENT = /([A-Za-z_][\w.-]{0,63})["']?\s{0,3}[=:]\s{0,3}["']?([^\s"',}]{1,512})/g;
/** As keys and their parts are written; a hash is none, but is not missed either. */
const OPAQUE = /[A-Za-z0-9+/_-]{40}/;

/** A line of a log that may be shown: one with what may be a secret is not. */
export function masked(line: string, secrets: readonly string[]): string {
  return mayHoldSecret(line.slice(0, LONGEST_JUDGED), secrets)
    ? '(masked: it may hold a secret)'
    : printable(line, LONGEST_LINE);
}

const mayHoldSecret = (line: string, secrets: readonly string[]): boolean =>
  secrets.some((secret) => line.includes(secret)) ||
  OPAQUE.test(line) ||
  hasMnemonic(line) ||
  isWalletKey(line) ||
  knownTokens(line).length > 0 ||
  [...line.matchAll(ASSIGNMENT)].some(([, name = '', value = '']) => isSecretVariable(name, value));
