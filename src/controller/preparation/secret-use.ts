import type { Secret } from '../../kinds/secret/schema.js';
import { matchesPattern } from '../../lib/star-pattern.js';
import type { Module } from '../../model/module.js';
import { secretFiles, secretVariables } from '../../model/secret.js';
import type { SecretFileRef } from '../../model/secret.js';
import { stableHash } from '../../model/stable-hash.js';
import { isSecretVolume } from '../../model/volumes.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';

export type Store = Pick<ReconcileContext, 'registry'>;

/** What has an environment and volumes: a module, or a revision of one. */
export interface SecretUser {
  readonly metadata: Module['metadata'];
  readonly spec: Pick<Module['spec'], 'env' | 'volumes'>;
}

/** What a module needs of Secrets, or why that cannot be had. */
export type SecretNeeds =
  /** Hash over the fingerprints of the values, empty when the module uses none. */
  | { readonly hash: string; readonly problem?: undefined }
  | { readonly hash?: undefined; readonly problem: Outcome };

/**
 * Looks which values a module uses, without reading one: another hash makes another revision, so that
 * a changed value replaces the containers.
 */
export function secretNeeds(module: SecretUser, store: Store): SecretNeeds {
  const uses = usesOf(module.spec, store);
  for (const name of namesIn(module.spec, uses)) {
    const { problem } = usableSecret(module, name, store);
    if (problem !== undefined) return { problem };
  }
  const fingerprints: [string, string][] = [];
  for (const { place, name, key } of uses) {
    const fingerprint = fingerprintOf(name, key, store);
    if (fingerprint === undefined)
      return { problem: missing(`Secret "${name}" has no key "${key}"`) };
    fingerprints.push([place, fingerprint]);
  }
  const problem = filesIn(module.spec, store)
    .map(unusableFile)
    .find((one) => one !== undefined);
  if (problem !== undefined) return { problem };
  return { hash: fingerprints.length === 0 ? '' : stableHash(fingerprints) };
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

/** The files that are in Secrets: where nothing is said, one for each key that there is now. */
export const filesIn = (spec: SecretUser['spec'], { registry }: Store): SecretFileRef[] =>
  secretFiles(spec, (name) =>
    Object.keys(registry.get('Secret', name)?.object.data ?? {}).toSorted(),
  );

/** A value with where it goes: a variable, or the path of a file, which has a slash. */
interface Use {
  readonly place: string;
  readonly name: string;
  readonly key: string;
}

function usesOf(spec: SecretUser['spec'], store: Store): Use[] {
  const variables = secretVariables(spec).map(({ variable, name, key }) => ({
    ...{ place: variable, name, key },
  }));
  const files = filesIn(spec, store).map(({ volume, path, name, key }) => ({
    ...{ place: `${volume}/${path}`, name, key },
  }));
  return [...variables, ...files];
}

/** Also of a Secret without a key, whose folder is empty. */
const namesIn = ({ volumes }: SecretUser['spec'], uses: readonly Use[]): ReadonlySet<string> =>
  new Set([
    ...uses.map(({ name }) => name),
    ...volumes.filter(isSecretVolume).map(({ secret }) => secret.secretName),
  ]);

function fingerprintOf(name: string, key: string, { registry }: Store): string | undefined {
  const data = registry.get('Secret', name)?.object.data ?? {};
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

/** A manifest says no such path; a key can be one. */
function unusableFile({ path, name, key }: SecretFileRef): Outcome | undefined {
  if (path !== '.' && path !== '..') return undefined;
  const message = `Key "${key}" of Secret "${name}" cannot be the name of a file: name the keys and their files in items`;
  return { kind: 'waiting', reason: 'SecretUnusable', message };
}

export const missing = (what: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretMissing' },
  message: `${what}: make it with "registrar secret create" or "registrar secret set"`,
});
