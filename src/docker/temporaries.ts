import { randomBytes } from 'node:crypto';
import { isRegistrarError } from '../model/errors.js';
import { INSTANCE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { removeContainer } from './lifecycle.js';
import { labelFilter } from './names.js';
import { listOf, replyOf, textOf, textsOf } from './reply.js';

/** How containers of a sort are told from all others. */
export interface Sort {
  readonly instanceId: string;
  /** A label that each of them has. */
  readonly label: string;
  /** How their names begin: an image may have any label, and then its containers have it, too. */
  readonly prefix: string;
}

/** Containers that are made for one piece of work and are gone after it, whatever comes of that. */
export class Temporaries {
  readonly #client: EngineClient;
  readonly #sort: Sort;
  readonly #inUse = new Set<string>();

  constructor(client: EngineClient, sort: Sort) {
    this.#client = client;
    this.#sort = sort;
  }

  /** Makes a container of a body that has the label of the sort, and hands its id to `work`. */
  async use<T>(
    { body, hint = '', doing }: { body: object; hint?: string; doing: string },
    work: (id: string) => Promise<T>,
  ): Promise<T> {
    const name = `${this.#sort.prefix}${hint}${randomBytes(4).toString('hex')}`;
    this.#inUse.add(name);
    try {
      const call = { method: 'POST', path: '/containers/create', query: { name }, doing } as const;
      const reply = await this.#client.call({ ...call, body });
      const id = encodeURIComponent(textOf(replyOf(reply)['Id']));
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
    const { instanceId, label, prefix } = this.#sort;
    const filters = JSON.stringify(labelFilter(instanceId, label));
    const call = { method: 'GET', path: '/containers/json', doing: 'list containers' } as const;
    const found = await this.#client.call({ ...call, query: { all: '1', filters } });
    for (const entry of listOf(found).map(replyOf)) {
      const name = textOf(listOf(entry['Names'])[0]).slice(1);
      const hasLabel = textsOf(entry['Labels'])[INSTANCE_LABEL] === instanceId;
      const isOurs = name.startsWith(prefix) && hasLabel;
      if (isOurs && !this.#inUse.has(name)) await this.#remove(textOf(entry['Id']));
    }
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
