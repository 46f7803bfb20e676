import type { Limits } from '../model/container.js';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import type { EngineClient } from './client.js';
import {
  cleanText,
  isAddressTaken,
  isNetworkMissing,
  refusalStatus,
  refusalText,
} from './errors.js';
import type { ModuleNetworks } from './module-networks.js';
import type { InstanceNetwork } from './network.js';
import { LEFT_ALONE, setRestartPolicy } from './restart-policy.js';

/** runc's and containerd's account of who called whom; what remains is the reason. */
const START_NOISE =
  /^(failed to create (shim )?task( for container)?: |OCI runtime create failed: |runc create failed: |container_linux\.go:\d+: |starting container process caused: |unable to start container process: |error during container init: )+/;

/** The address in what engines of different ages say of a port that is taken. */
const TAKEN_ADDRESS =
  /(?:Bind for|bind host port(?: for)?|listen \w+) ((?:[\d.]+|\[[\da-f:.]*\]):\d+)/;

/**
 * START_FAILED or PORT_CONFLICT with the engine's reason; success when it runs already. What an engine
 * refuses that is about to end is ENGINE_UNAVAILABLE: it says nothing of the container.
 */
export async function startContainer(
  id: string,
  client: EngineClient,
  networks: { readonly own: InstanceNetwork; readonly modules: ModuleNetworks },
): Promise<void> {
  // What belongs on one is put there again when that is seen.
  const leave = () => networks.modules.leaveAll(id);
  const repairs = [() => networks.own.rejoin(id), leave];
  const readdress = [leave];
  for (;;) {
    try {
      return await start(id, client);
    } catch (error) {
      const known = isNetworkMissing(error) ? repairs : isAddressTaken(error) ? readdress : [];
      const repair = known.shift();
      if (repair === undefined) {
        await client.ping();
        throw startError(error);
      }
      await repair();
    }
  }
}

async function start(id: string, client: EngineClient): Promise<void> {
  try {
    await post(id, 'start', client);
  } catch (error) {
    const isPaused = isRegistrarError(error) && /paused container/.test(refusalText(error));
    if (!isPaused) throw error;
    await unpauseContainer(id, client);
  }
}

/**
 * SIGTERM, then SIGKILL after the grace. The engine lets a paused container run for it. It stays
 * stopped, also when the engine comes up anew.
 */
export async function stopContainer(
  id: string,
  graceSeconds: number,
  client: EngineClient,
): Promise<void> {
  const deadlineMs = graceSeconds * 1000 + client.deadlines.stopMarginMs;
  await setRestartPolicy(id, LEFT_ALONE, client, deadlineMs);
  await post(id, 'stop', client, { query: { t: String(graceSeconds) }, deadlineMs });
}

/** Success when the container is gone; CONTAINER_BUSY while another removes it. */
export async function removeContainer(id: string, client: EngineClient): Promise<void> {
  const doing = `remove container ${shortId(id)}`;
  const path = `/containers/${id}`;
  try {
    await client.call({ method: 'DELETE', path, query: { force: '1', v: '1' }, doing });
  } catch (error) {
    if (refusalStatus(error) !== 404) throw error;
  }
}

/** NAME_CONFLICT when another container has the name; success when this one has it already. */
export async function renameContainer(
  id: string,
  name: string,
  client: EngineClient,
): Promise<void> {
  try {
    await post(id, 'rename', client, { query: { name } });
  } catch (error) {
    const isNamedSo =
      isRegistrarError(error) && /same name as its current/.test(refusalText(error));
    if (!isNamedSo) throw error;
  }
}

export async function unpauseContainer(id: string, client: EngineClient): Promise<void> {
  try {
    await post(id, 'unpause', client);
  } catch (error) {
    if (!isRegistrarError(error) || !/is not paused/.test(refusalText(error))) throw error;
  }
}

export async function updateLimits(
  id: string,
  { memoryBytes, nanoCpus, pids }: Limits,
  client: EngineClient,
): Promise<void> {
  const body = {
    ...{ Memory: memoryBytes, MemorySwap: memoryBytes },
    ...{ NanoCpus: nanoCpus, PidsLimit: pids },
  };
  await post(id, 'update', client, { body });
}

async function post(
  id: string,
  verb: string,
  client: EngineClient,
  {
    deadlineMs,
    ...extra
  }: { query?: Record<string, string>; body?: object; deadlineMs?: number } = {},
): Promise<void> {
  const doing = `${verb} container ${shortId(id)}`;
  await client.call(
    { method: 'POST', path: `/containers/${id}/${verb}`, doing, ...extra },
    deadlineMs,
  );
}

const shortId = (id: string): string => id.slice(0, 12);

/** What came of a start: the engine has one status for all causes, and its texts change. */
export function startError(error: unknown): unknown {
  if (!isRegistrarError(error, 'ENGINE_ERROR', 'INVALID', 'PORT_CONFLICT')) return error;
  const text = refusalText(error);
  if (text === '') return error;
  const reason = text.replace(START_NOISE, '').replace(/: unknown$/, '');
  if (error.code !== 'PORT_CONFLICT') {
    const message = `Cannot start the container: ${reason}`;
    return new RegistrarError('START_FAILED', message, { cause: error });
  }
  const address = TAKEN_ADDRESS.exec(text)?.[1];
  const message = `Cannot start the container: port ${cleanText(address ?? reason)} is taken on the host; free it or choose another hostPort`;
  return new RegistrarError('PORT_CONFLICT', message, { cause: error });
}
