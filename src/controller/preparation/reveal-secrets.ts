import { isRegistrarError } from '../../model/errors.js';
import type { Module, ModuleSpec } from '../../model/module.js';
import { shortRevision } from '../../model/owner.js';
import { MAX_ENV_BYTES, secretVariables } from '../../model/secret.js';
import type { Revealed, SecretVariable } from '../../model/secret.js';
import type { Blueprint } from '../blueprint.js';
import type { Outcome } from '../outcome.js';
import { filesIn, secretNeeds } from './secret-use.js';
import type { Store } from './secret-use.js';
import { failure } from './stage.js';

/** The values that a module uses, or why they cannot be had. */
export type RevealedSecrets =
  | { readonly values: Revealed; readonly problem?: undefined }
  | { readonly values?: undefined; readonly problem: Outcome };

/**
 * The values themselves, for new containers of a revision. `secrets` is the hash that it was made
 * with: a value that was changed since is for the next pass, which finds another revision wanted. One
 * that is not wanted cannot be made again without the values that it had.
 */
export function revealSecrets(
  { metadata }: Pick<Module, 'metadata'>,
  { revision, template, secrets }: Pick<Blueprint, 'revision' | 'template' | 'secrets'>,
  store: Store,
  isWanted = true,
): RevealedSecrets {
  const needs = secretNeeds({ metadata, spec: template }, store);
  if (needs.problem !== undefined) return needs;
  if (needs.hash !== secrets) {
    return { problem: isWanted ? changed : valuesGone(metadata.name, revision) };
  }
  try {
    const { env, problem } = readVariables(secretVariables(template), store);
    if (env === undefined) return { problem };
    const files = filesIn(template, store).map(({ volume, path, mode, name, key }) => ({
      ...{ volume, path, mode, bytes: read(name, key, store) },
    }));
    return { values: { env, files } };
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { problem: failure(error) };
  }
}

/** What of a login is not to be told. */
const LOGIN_KEYS = ['password', 'privateKey'];

/**
 * All values that a module uses, whatever for, so that they can be covered in what others say. Those
 * that cannot be read now are not among them.
 */
export function valuesUsedBy(spec: ModuleSpec, { registry }: Store): Buffer[] {
  const logins = [spec.imagePullSecret, spec.source?.secret].flatMap((name) =>
    name === undefined ? [] : LOGIN_KEYS.map((key) => ({ name, key })),
  );
  const uses = [...secretVariables(spec), ...filesIn(spec, { registry }), ...logins];
  return uses.flatMap(({ name, key }) => {
    try {
      return [...registry.secrets.reveal(name, [key]).values()];
    } catch (error) {
      if (!isRegistrarError(error)) throw error;
      return [];
    }
  });
}

function readVariables(
  variables: readonly SecretVariable[],
  store: Store,
): { env: Revealed['env']; problem?: undefined } | { env?: undefined; problem: Outcome } {
  const env = new Map<string, string>();
  for (const { variable, name, key } of variables) {
    const text = textOf(read(name, key, store));
    if (text === undefined) return { problem: unusable(name, key) };
    env.set(variable, text);
  }
  return { env };
}

const read = (name: string, key: string, { registry }: Store): Buffer =>
  registry.secrets.reveal(name, [key]).get(key) ?? Buffer.alloc(0);

/** What a variable can hold; undefined for bytes that are no text, have a NUL or are too many. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes) && !text.includes('\0');
  return isText && bytes.length <= MAX_ENV_BYTES ? text : undefined;
}

const unusable = (name: string, key: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretUnusable' },
  message: `Key "${key}" of Secret "${name}" cannot be in an environment variable: it must be text without NUL, at most ${MAX_ENV_BYTES} bytes`,
});

const changed: Outcome = {
  ...{ kind: 'progressing', reason: 'SecretChanged' },
  message: 'A Secret was changed meanwhile',
};

const valuesGone = (name: string, revision: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretChanged' },
  message: `Revision ${shortRevision(revision)} cannot be made again, because a Secret has other values now: write the former ones again, or have the newest revision tried again with "registrar rollout unquarantine ${name}"`,
});
