import { MODULE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { ModuleNetwork } from './module-network.js';
import { labelFilter, moduleOfNetwork } from './names.js';
import { listOf, replyOf, textsOf } from './reply.js';

/** The networks of the modules that others need, one each: linked modules are not all in one room. */
export class ModuleNetworks {
  readonly #client: EngineClient;
  readonly #instanceId: string;
  readonly #networks = new Map<string, ModuleNetwork>();

  constructor(client: EngineClient, instanceId: string) {
    this.#client = client;
    this.#instanceId = instanceId;
  }

  of(module: string): ModuleNetwork {
    const known = this.#networks.get(module);
    if (known !== undefined) return known;
    const network = new ModuleNetwork(this.#client, this.#instanceId, module);
    this.#networks.set(module, network);
    return network;
  }

  /** Takes a container off all of them, also those that somebody removed: it starts on none of these. */
  async leaveAll(id: string): Promise<void> {
    const path = `/containers/${encodeURIComponent(id)}/json`;
    const doing = `inspect container ${id.slice(0, 12)}`;
    const reply = replyOf(await this.#client.call({ method: 'GET', path, doing }));
    const names = Object.keys(replyOf(replyOf(reply['NetworkSettings'])['Networks']));
    const modules = names.flatMap((name) => moduleOfNetwork(name, this.#instanceId) ?? []);
    for (const module of modules) await this.of(module).leave(id);
  }

  /** Removes those that no container is on. */
  async removeUnused(): Promise<void> {
    for (const module of await this.#listed()) {
      await this.of(module).removeUnused();
      this.#networks.delete(module);
    }
  }

  async #listed(): Promise<string[]> {
    const filters = JSON.stringify(labelFilter(this.#instanceId, MODULE_LABEL));
    const call = { method: 'GET', path: '/networks', query: { filters } } as const;
    const found = listOf(await this.#client.call({ ...call, doing: 'list networks' }));
    return found.flatMap((one) => textsOf(replyOf(one)['Labels'])[MODULE_LABEL] ?? []);
  }
}
