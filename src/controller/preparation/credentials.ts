import type { RegistryCredentials } from '../../docker/runtime.js';
import type { Secret } from '../../kinds/secret/schema.js';
import { printable } from '../../lib/printable.js';
import { isRegistrarError } from '../../model/errors.js';
import { parseImageReference } from '../../model/image-reference.js';
import type { Module } from '../../model/module.js';
import type { SecretType } from '../../model/secret.js';
import type { SourceCredentials } from '../../source/source.js';
import type { ReconcileContext } from '../context.js';
import type { Outcome } from '../outcome.js';
import { usableSecret } from './secret-use.js';
import { failure } from './stage.js';

type Store = Pick<ReconcileContext, 'registry'>;

/** A login, if one is to be used, or why it cannot be. */
export type Login<T> =
  | { readonly credentials: T | undefined; readonly problem?: undefined }
  | { readonly credentials?: undefined; readonly problem: Outcome };

/** The account of `spec.imagePullSecret`, for the registry of the image and no other. */
export function registryLogin(
  module: Module,
  image: string,
  context: Store,
): Login<RegistryCredentials> {
  const name = module.spec.imagePullSecret;
  return login(module, { name, type: 'registry', context }, (values) => {
    const wanted = parseImageReference(image)?.registry ?? '';
    const given = hostOf(values.get('registry')?.toString() ?? '');
    if (given !== hostOf(wanted)) return { problem: ofAnotherRegistry(name, given, wanted) };
    const text = (key: string): string => values.get(key)?.toString() ?? '';
    return { credentials: { username: text('username'), password: text('password') } };
  });
}

/** The login of `spec.source.secret`: a deploy key for ssh, an account for https. */
export function repositoryLogin(module: Module, context: Store): Login<SourceCredentials> {
  const { secret: name, repoUrl = '' } = module.spec.source ?? {};
  if (/^https:/i.test(repoUrl)) return accountLogin(module, name, context);
  return login(module, { name, type: 'ssh', context }, (values) => {
    const knownHosts = values.get('knownHosts');
    const privateKey = values.get('privateKey') ?? Buffer.alloc(0);
    return { credentials: { privateKey, ...(knownHosts !== undefined && { knownHosts }) } };
  });
}

function accountLogin(
  module: Module,
  name: string | undefined,
  context: Store,
): Login<SourceCredentials> {
  return login(module, { name, type: 'basic', context }, (values) => {
    // A file that holds a token mostly ends its line.
    const text = (key: string): string => (values.get(key)?.toString() ?? '').replace(/\r?\n$/, '');
    const [given, wanted] = [hostOf(text('host')), hostOf(module.spec.source?.repoUrl ?? '')];
    if (given !== wanted) return { problem: ofAnotherServer(name, given, wanted) };
    return { credentials: { username: text('username'), password: text('password') } };
  });
}

/** Another one once somebody changed a Secret, which may be why a login failed; empty without one. */
export const loginVersion = (name: string | undefined, { registry }: Store): string =>
  registry.get('Secret', name ?? '')?.object.metadata.resourceVersion ?? '';

interface Wanted {
  readonly name: string | undefined;
  readonly type: SecretType;
  readonly context: Store;
}

function login<T>(
  module: Module,
  { name, type, context }: Wanted,
  read: (values: ReadonlyMap<string, Buffer>) => Login<T>,
): Login<T> {
  if (name === undefined) return { credentials: undefined };
  const { secret, problem } = usableSecret(module, name, context);
  if (secret === undefined) return { problem };
  if (secret.type !== type) return { problem: ofAnotherType(secret, type) };
  try {
    return read(context.registry.secrets.reveal(name, Object.keys(secret.data)));
  } catch (error) {
    if (!isRegistrarError(error)) throw error;
    return { problem: failure(error) };
  }
}

/** What `docker login` and people write for the same registry. */
const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Host and port, whatever of an address is around them. */
function hostOf(registry: string): string {
  const host = registry
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '');
  return DOCKER_HUB.has(host) ? 'docker.io' : host;
}

const ofAnotherRegistry = (name = '', given: string, wanted: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretUnusable' },
  message: `Secret "${name}" is for registry "${printable(given)}" and the image is in "${wanted}": correct the Secret or spec.imagePullSecret`,
});

const ofAnotherServer = (name = '', given: string, wanted: string): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretUnusable' },
  message: `Secret "${name}" is for host "${printable(given)}" and the repository is on "${printable(wanted)}": correct the Secret or spec.source`,
});

const ofAnotherType = ({ metadata: { name }, type }: Secret, wanted: SecretType): Outcome => ({
  ...{ kind: 'waiting', reason: 'SecretUnusable' },
  message: `Secret "${name}" is of type "${type}" and one of type "${wanted}" is needed: name another one`,
});
