import { RegistrarError } from '../../model/errors.js';
import type { EngineClient } from '../client.js';
import { removeContainer } from '../lifecycle.js';
import { listOf, replyOf, textOf, textsOf } from '../reply.js';
import type { Reply } from '../reply.js';
import { extraHost } from './build-mark.js';

const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;
const CONTAINER_ID = /^[0-9a-f]{64}$/;

/** An image that is to be given labels. */
export interface Unlabelled {
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Host name that containers of the build are known by. */
  readonly mark: string;
  /** Completes "Cannot …". */
  readonly doing: string;
}

/**
 * Makes the same image with labels, by committing a container that is never started: a build would be
 * one more context to unpack, and in the build itself the engine makes a step of each label. Resolves
 * to its id.
 */
export async function labelImage(what: Unlabelled, client: EngineClient): Promise<string> {
  const { imageId, labels, mark, doing } = what;
  const call = { method: 'GET', path: `/images/${imageId}/json`, doing } as const;
  const config = replyOf(replyOf(await client.call(call))['Config']);
  const container = await create(imageId, mark, doing, client);
  try {
    return await commit(container, { ...config, ...changed(config, labels) }, doing, client);
  } finally {
    await removeContainer(container, client);
  }
}

/** The engine fills in from the container what is missing: its entry point, which is not the image's. */
const changed = (config: Reply, labels: Unlabelled['labels']): object => ({
  Entrypoint: listOf(config['Entrypoint']),
  Labels: { ...textsOf(config['Labels']), ...labels },
});

async function create(
  imageId: string,
  mark: string,
  doing: string,
  client: EngineClient,
): Promise<string> {
  const body = {
    Image: imageId,
    Entrypoint: ['never-started'],
    HostConfig: { NetworkMode: 'default', ExtraHosts: [extraHost(mark)] },
  };
  const call = { method: 'POST', path: '/containers/create', body, doing } as const;
  return idIn(await client.call(call), CONTAINER_ID, doing);
}

async function commit(
  container: string,
  body: object,
  doing: string,
  client: EngineClient,
): Promise<string> {
  const query = { container, pause: '0' };
  const call = { method: 'POST', path: '/commit', query, body, doing } as const;
  return idIn(await client.call(call), IMAGE_ID, doing);
}

function idIn(reply: unknown, form: RegExp, doing: string): string {
  const id = textOf(replyOf(reply)['Id']);
  if (form.test(id)) return id;
  throw new RegistrarError('ENGINE_ERROR', `Cannot ${doing}: the engine answered without an id`);
}
