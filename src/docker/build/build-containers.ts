import { setTimeout as sleep } from 'node:timers/promises';
import { isRegistrarError } from '../../model/errors.js';
import type { EngineClient } from '../client.js';
import { refusalStatus } from '../errors.js';
import { removeContainer } from '../lifecycle.js';
import { integerOf, listOf, replyOf, textOf } from '../reply.js';
import type { Reply } from '../reply.js';
import { hostOf } from './build-mark.js';

/** Together half a minute: the engine kills a container at once, and may wait for a disk. */
const LOOK_MS = 300;
const MAX_LOOKS = 100;

const ID = /^[0-9a-f]{64}$/;

/** Says of the host name in a container whether its build is meant. */
export type IsMeant = (mark: string) => boolean;

/** Bytes that the containers of builds have written so far. */
export async function bytesWritten(client: EngineClient, isMeant: IsMeant): Promise<number> {
  const found = await buildContainers(client, isMeant, { size: '1' });
  return found.reduce((sum, container) => sum + integerOf(container['SizeRw']), 0);
}

/** Removes the containers of builds. Resolves to how many there were. */
export async function removeBuildContainers(
  client: EngineClient,
  isMeant: IsMeant,
): Promise<number> {
  const found = await buildContainers(client, isMeant);
  for (const container of found) {
    await removeContainer(textOf(container['Id']), client).catch((error: unknown) => {
      // The engine removes it itself.
      if (!isRegistrarError(error, 'CONTAINER_BUSY')) throw error;
    });
  }
  return found.length;
}

/**
 * Removes the containers of a build that was cut off. The engine does so itself, a little later, and
 * may be about to make one: so two looks in a row have to find none.
 */
export async function settleBuildContainers(client: EngineClient, mark: string): Promise<void> {
  let quiet = 0;
  for (let look = 0; look < MAX_LOOKS && quiet < 2; look += 1) {
    if (look > 0) await sleep(LOOK_MS);
    const found = await removeBuildContainers(client, (one) => one === mark);
    quiet = found === 0 ? quiet + 1 : 0;
  }
}

/**
 * The inspections of the containers of builds. The list does not tell what they are known by, so
 * each that may be one is looked at.
 */
async function buildContainers(
  client: EngineClient,
  isMeant: IsMeant,
  query: Readonly<Record<string, string>> = {},
): Promise<Reply[]> {
  const call = { method: 'GET', path: '/containers/json', query: { all: '1' } } as const;
  const listed = listOf(await client.call({ ...call, doing: 'list containers' })).map(replyOf);
  const ids = listed.filter(mayBeOfBuild).map(({ Id }) => textOf(Id));
  const inspected = await Promise.all(ids.map((id) => inspect(client, id, query)));
  return inspected.filter((container) => marksOf(container).some(isMeant));
}

/** Builds ask for the engine's default network; containers of ours are on one of ours. */
const mayBeOfBuild = ({ Id, HostConfig }: Reply): boolean =>
  ID.test(textOf(Id)) && textOf(replyOf(HostConfig)['NetworkMode']) === 'default';

const marksOf = (container: Reply): string[] =>
  listOf(replyOf(container['HostConfig'])['ExtraHosts']).map((entry) => hostOf(textOf(entry)));

/** Nothing for one that is gone by now. */
async function inspect(
  client: EngineClient,
  id: string,
  query: Readonly<Record<string, string>>,
): Promise<Reply> {
  const doing = `inspect container ${id.slice(0, 12)}`;
  const call = { method: 'GET', path: `/containers/${id}/json`, query, doing } as const;
  return client.call(call).then(replyOf, (error: unknown) => {
    if (refusalStatus(error) === 404) return {};
    throw error;
  });
}
