import { randomBytes } from 'node:crypto';
import { isRegistrarError } from '../model/errors.js';
import { INSTANCE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { removeContainer } from './lifecycle.js';
import { SCRATCH_LABEL, instanceLabels, labelFilter, scratchName } from './names.js';
import { listOf, replyOf, textOf, textsOf } from './reply.js';

/** Where a scratch container has its volume: a folder with this name in this folder. */
export const SCRATCH_VOLUME = { parent: '/registrar', name: 'volume' };

export interface ScratchInput {
  readonly imageId: string;
  /** Name of a volume to mount at `SCRATCH_VOLUME`. */
  readonly volume?: string;
}

/**
 * Containers that are never started: they open an image or a volume to the engine's archive calls,
 * so that nothing of an image has to run for it.
 */
export class Scratch {
  readonly #client: EngineClient;
  readonly #instanceId: string;
  readonly #inUse = new Set<string>();

  constructor(client: EngineClient, instanceId: string) {
    this.#client = client;
    this.#instanceId = instanceId;
  }

  /** Makes a container, hands its id to `work`, and removes it whatever comes of that. */
  async use<T>(input: ScratchInput, work: (id: string) => Promise<T>): Promise<T> {
    const name = scratchName(this.#instanceId, randomBytes(4).toString('hex'));
    this.#inUse.add(name);
    try {
      const id = await this.#create(name, input);
      try {
        return await work(id);
      } finally {
        await this.#remove(id);
      }
    } finally {
      this.#inUse.delete(name);
    }
  }

  /** Removes what a process that died left behind. */
  async removeLeftovers(): Promise<void> {
    const filters = JSON.stringify(labelFilter(this.#instanceId, SCRATCH_LABEL));
    const call = { method: 'GET', path: '/containers/json', doing: 'list containers' } as const;
    const found = await this.#client.call({ ...call, query: { all: '1', filters } });
    for (const entry of listOf(found).map(replyOf)) {
      const name = textOf(listOf(entry['Names'])[0]).slice(1);
      const isOurs = textsOf(entry['Labels'])[INSTANCE_LABEL] === this.#instanceId;
      if (isOurs && !this.#inUse.has(name)) await this.#remove(textOf(entry['Id']));
    }
  }

  async #create(name: string, { imageId, volume }: ScratchInput): Promise<string> {
    const { parent, name: folder } = SCRATCH_VOLUME;
    const Mounts = volume && [{ Type: 'volume', Source: volume, Target: `${parent}/${folder}` }];
    const body = {
      Image: imageId,
      Entrypoint: ['never-started'],
      Labels: { ...instanceLabels(this.#instanceId), [SCRATCH_LABEL]: 'true' },
      HostConfig: { NetworkMode: 'none', CapDrop: ['ALL'], ...(Mounts && { Mounts }) },
    };
    const call = { method: 'POST', path: '/containers/create', doing: 'open an image' } as const;
    const reply = await this.#client.call({ ...call, query: { name }, body });
    return encodeURIComponent(textOf(replyOf(reply)['Id']));
  }

  /** One that somebody else removes now is as good as gone. */
  async #remove(id: string): Promise<void> {
    try {
      await removeContainer(encodeURIComponent(id), this.#client);
    } catch (error) {
      if (!isRegistrarError(error, 'CONTAINER_BUSY')) throw error;
    }
  }
}
