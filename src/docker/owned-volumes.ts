import type { OwnedVolume } from '../model/clean-up.js';
import { INSTANCE_LABEL, MODULE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { refusalStatus } from './errors.js';
import { labelFilter } from './names.js';
import { listOf, replyOf, textOf, textsOf } from './reply.js';

/** The volumes that this instance made: those with its label. */
export class OwnedVolumes {
  readonly #client: EngineClient;
  readonly #instanceId: string;

  constructor(client: EngineClient, instanceId: string) {
    this.#client = client;
    this.#instanceId = instanceId;
  }

  async list(): Promise<OwnedVolume[]> {
    const query = { filters: JSON.stringify(labelFilter(this.#instanceId)) };
    const call = { method: 'GET', path: '/volumes', query, doing: 'list volumes' } as const;
    const { Volumes } = replyOf(await this.#client.call(call));
    const used = await this.#usedNames();
    return listOf(Volumes).flatMap((entry) => {
      const { Name, Labels } = replyOf(entry);
      const [name, labels] = [textOf(Name), textsOf(Labels)];
      if (labels[INSTANCE_LABEL] !== this.#instanceId) return [];
      return [{ name, module: labels[MODULE_LABEL] ?? '', isUsed: used.has(name) }];
    });
  }

  /** See `Runtime.removeVolume`. */
  async remove(name: string): Promise<boolean> {
    const volume = (await this.list()).find((one) => one.name === name);
    if (volume === undefined || volume.isUsed) return false;
    const path = `/volumes/${encodeURIComponent(name)}`;
    const call = { method: 'DELETE', path, doing: `remove volume "${name}"` } as const;
    try {
      await this.#client.call(call);
      return true;
    } catch (error) {
      // Somebody took it meanwhile, or removed it.
      if (![404, 409].includes(refusalStatus(error) ?? 0)) throw error;
      return refusalStatus(error) === 404;
    }
  }

  async #usedNames(): Promise<ReadonlySet<string>> {
    const call = { method: 'GET', path: '/containers/json', doing: 'list containers' } as const;
    const containers = listOf(await this.#client.call({ ...call, query: { all: '1' } }));
    const mounts = containers.flatMap((container) => listOf(replyOf(container)['Mounts']));
    return new Set(mounts.map((mount) => textOf(replyOf(mount)['Name'])));
  }
}
