import { writtenForms } from '../lib/conceal.js';
import type { ContainerSummary } from '../model/container.js';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { containerName } from '../model/owner.js';
import type { Owner } from '../model/owner.js';
import type { ContainerTemplate } from '../model/revision.js';
import type { EngineClient } from './client.js';
import { userOf } from './container-user.js';
import { createOptions } from './create-options.js';
import type { CreateInput } from './create-options.js';
import { cleanText, refusalStatus, refusalText } from './errors.js';
import type { HostPaths } from './host-path.js';
import type { Images } from './images.js';
import type { InstanceNetwork } from './network.js';
import { observedOf } from './observe.js';
import { replyOf, textOf } from './reply.js';
import type { CreateRequest } from './runtime.js';
import type { SecretFiles } from './secret-files.js';
import type { Volumes } from './volumes.js';

export interface CreateContext {
  readonly client: EngineClient;
  readonly network: InstanceNetwork;
  readonly images: Images;
  readonly volumes: Volumes;
  readonly hostPaths: HostPaths;
  readonly secretFiles: SecretFiles;
}

/**
 * Creates a container and what it needs. An earlier call whose answer got lost may have made it: the
 * name and the labels decide, so that there is never a second one.
 */
export async function createContainer(
  request: CreateRequest,
  context: CreateContext,
): Promise<string> {
  const { owner, template, imageId, secrets } = request;
  const { network, images, volumes, secretFiles } = context;
  const hostPaths = await resolveHostPaths(template, context.hostPaths);
  const user = userOf(template) ?? (await images.userOf(imageId));
  await network.ensure();
  await volumes.ensure({ owner, template, imageId, user });
  return secretFiles.use(request, user, (folders) => {
    const made = { network: network.name, hostPaths: new Map([...hostPaths, ...folders]) };
    return post({ owner, template, imageId, secrets, user, ...made }, context);
  });
}

async function post(input: CreateInput, context: CreateContext): Promise<string> {
  const { owner, secrets } = input;
  const body = createOptions(input);
  const name = containerName(owner);
  const doing = `create container "${name}"`;
  const call = {
    method: 'POST',
    path: '/containers/create',
    query: { name },
    body,
    doing,
  } as const;
  try {
    return idIn(await context.client.call(call), doing);
  } catch (error) {
    if (isRegistrarError(error, 'NAME_CONFLICT')) return adopt(name, owner, context);
    throw withoutValues(error, secrets, doing);
  }
}

/** An engine may quote what it refuses. */
export function withoutValues(
  error: unknown,
  secrets: CreateRequest['secrets'],
  doing: string,
): unknown {
  if (!isRegistrarError(error)) return error;
  const text = `${error.message} ${refusalText(error)}`;
  const forms = writtenForms([...secrets.values()].map((value) => Buffer.from(value)));
  if (!forms.some((form) => text.includes(form))) return error;
  const message = `Cannot ${doing}: the engine refused it in words that quote a secret value`;
  return new RegistrarError(error.code, message);
}

async function resolveHostPaths(
  { volumes }: ContainerTemplate,
  hostPaths: HostPaths,
): Promise<ReadonlyMap<string, string>> {
  const resolved = new Map<string, string>();
  for (const { name, hostPath } of volumes) {
    if (hostPath !== undefined) resolved.set(name, await hostPaths.resolve(hostPath));
  }
  return resolved;
}

/** The id of the container that has the name, if it is the very one that was to be made. */
async function adopt(name: string, owner: Owner, context: CreateContext): Promise<string> {
  const doing = `create container "${name}"`;
  const path = `/containers/${encodeURIComponent(name)}/json`;
  const holder = await context.client
    .call({ method: 'GET', path, doing })
    .catch((error: unknown) => {
      if (refusalStatus(error) === 404) return undefined;
      throw error;
    });
  if (holder === undefined) throw busy(name);
  const scope = { instanceId: owner.instance, network: context.network.name };
  const observed = observedOf(holder, scope);
  if (observed === undefined) throw foreign(name, holder);
  if (!isSame(observed, owner)) throw busy(name);
  return observed.id;
}

function isSame({ owner, state }: ContainerSummary, wanted: Owner): boolean {
  const { uid, revision, slot } = wanted;
  const same = owner.uid === uid && owner.revision === revision && owner.slot === slot;
  return same && state !== 'removing' && state !== 'dead';
}

function busy(name: string): RegistrarError {
  const message = `Cannot create container "${name}": an earlier one is not gone yet`;
  return new RegistrarError('CONTAINER_BUSY', message);
}

function foreign(name: string, holder: unknown): RegistrarError {
  const { Id, Config } = replyOf(holder);
  const id = cleanText(textOf(Id).slice(0, 12));
  const image = cleanText(textOf(replyOf(Config)['Image']));
  const message = `Cannot create container "${name}": container ${id} of image "${image}" has the name and is not of this instance; rename or remove it`;
  return new RegistrarError('NAME_CONFLICT', message);
}

function idIn(reply: unknown, doing: string): string {
  const id = textOf(replyOf(reply)['Id']);
  if (/^[0-9a-f]{64}$/.test(id)) return id;
  throw new RegistrarError('ENGINE_ERROR', `Cannot ${doing}: the engine answered without an id`);
}
