import type { Secret } from '../../kinds/secret/schema.js';
import { matchesPattern } from '../../lib/star-pattern.js';
import { isRegistrarError } from '../../model/errors.js';
import type { Module } from '../../model/module.js';
import { MAX_ENV_BYTES, secretVariables } from '../../model/secret.js';
import type { SecretVariable } from '../../model/secret.js';
import { stableHash } from '../../model/stable-hash.js';
import type { Blueprint } from '../blueprint.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import { failure } from './stage.js';

type Store = Pick<ReconcileContext, 'registry'>;

/** What has an environment: a module, or a revision of one. */
interface SecretUser {
  readonly metadata: Module['metadata'];
  readonly spec: Pick<Module['spec'], 'env'>;
}

/** What the environment of a module needs of Secrets, or why that cannot be had. */
export type SecretNeeds =
  /** Hash over the fingerprints of the values, empty when the module uses none. */
  | { readonly hash: string; readonly problem?: undefined }
  | { readonly hash?: undefined; readonly problem: Outcome };

/** The values of a module's environment, or why they cannot be had. */
export type SecretEnvironment =
  | { readonly values: ReadonlyMap<string, string>; readonly problem?: undefined }
  | { readonly values?: undefined; readonly problem: Outcome };

/**
 * Looks which values a module uses, without reading one: another hash makes another revision, so that
 * a changed value replaces the containers.
 */
export function secretNeeds(module: SecretUser, { registry }: Store): SecretNeeds {
  const fingerprints: [string, string][] = [];
  for (const { variable, name, key } of secretVariables(module.spec)) {
    const { secret, problem } = usableSecret(module, name, { registry });
    if (secret === undefined) return { problem };
    const fingerprint = Object.hasOwn(secret.data, key) ? secret.data[key] : undefined;
    if (fingerprint === undefined)
      return { problem: missing(`Secret "${name}" has no key "${key}"`) };
    fingerprints.push([variable, fingerprint]);
  }
  if (fingerprints.length === 0) return { hash: '' };
  return { hash: stableHash(fingerprints) };
}

/** A Secret that is there and may be used, or why not. */
export function usableSecret(
  { metadata }: Pick<SecretUser, 'metadata'>,
  name: string,
  { registry }: Store,
): { secret: Secret; problem?: undefined } | { secret?: undefined; problem: Outcome } {
  const secret = registry.get('Secret', name)?.object;
  if (secret === undefined) return { problem: missing(`Secret "${name}" does not exist`) };
  const { modules = ['*'] } = secret;
  if (modules.some((pattern) => matchesPattern(pattern, metadata.name))) return { secret };
  const message = `Secret "${name}" is not for module "${metadata.name}": add it to the modules of the Secret, or use another one`;
  return { problem: { kind: 'waiting', reason: 'SecretForbidden', message } };
}

/**
 * The values themselves, for new containers of a revision. `secrets` is the hash that it was made
 * with: a value that was changed since is for the next pass.
 */
export function secretEnvironment(
  { metadata }: Pick<Module, 'metadata'>,
  { template, secrets }: Pick<Blueprint, 'template' | 'secrets'>,
  context: Store,
): SecretEnvironment {
  const needs = secretNeeds({ metadata, spec: template }, context);
  if (needs.problem !== undefined) return needs;
  if (needs.hash !== secrets) return { problem: changed };
  try {
    return readAll(secretVariables(template), context);
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { problem: failure(error) };
  }
}

function readAll(variables: readonly SecretVariable[], { registry }: Store): SecretEnvironment {
  const values = new Map<string, string>();
  for (const { variable, name, key } of variables) {
    const bytes = registry.secrets.reveal(name, [key]).get(key) ?? Buffer.alloc(0);
    const text = textOf(bytes);
    if (text === undefined) return { problem: unusable(name, key) };
    values.set(variable, text);
  }
  return { values };
}

/** What a variable can hold; undefined for bytes that are no text, have a NUL or are too many. */
function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  const isText = Buffer.from(text).equals(bytes) && !text.includes('\0');
  return isText && bytes.length <= MAX_ENV_BYTES ? text : undefined;
}

export const missing = (what: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretMissing' },
  message: `${what}: make it with "registrar secret create" or "registrar secret set"`,
});

const unusable = (name: string, key: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretUnusable' },
  message: `Key "${key}" of Secret "${name}" cannot be in an environment variable: it must be text without NUL, at most ${MAX_ENV_BYTES} bytes`,
});

const changed: Outcome = {
  ...{ kind: 'progressing', reason: 'SecretChanged' },
  message: 'A Secret was changed meanwhile',
};
