import type { ContainerSummary, ObservedContainer } from '../model/container.js';
import { RegistrarError } from '../model/errors.js';
import type { EngineClient } from './client.js';
import type { EngineAbout } from './engine-facts.js';
import { refusalStatus } from './errors.js';
import { labelFilter } from './names.js';
import { observedOf, summaryOf } from './observe.js';
import type { Scope } from './observe.js';
import { listOf, replyOf, textOf } from './reply.js';

/** What an inspection is taken for, beyond what the model keeps of it. */
export interface Inspected {
  readonly container: ObservedContainer;
  readonly hasTerminal: boolean;
  /** Where on the host its mounts come from. */
  readonly sources: readonly string[];
}

/** What a list is taken for, beyond what the model keeps of it. */
export interface Listed {
  readonly summaries: ContainerSummary[];
  /** Where the mounts of all containers come from, also of those that are no slot of a module. */
  readonly sources: readonly string[];
}

/**
 * The containers of the instance. An id is checked against the labels once, before the first thing
 * that is done to it, so that no mistake elsewhere can reach a foreign container.
 */
export class OwnedContainers {
  readonly #client: EngineClient;
  readonly #about: Pick<EngineAbout, 'facts'>;
  readonly #scope: Scope;
  /** Module of each container that was seen. */
  #modules = new Map<string, string>();

  constructor(client: EngineClient, about: Pick<EngineAbout, 'facts'>, scope: Scope) {
    this.#client = client;
    this.#about = about;
    this.#scope = scope;
  }

  async list(): Promise<Listed> {
    const filters = JSON.stringify(labelFilter(this.#scope.instanceId));
    const query = { all: '1', filters };
    const call = {
      method: 'GET',
      path: '/containers/json',
      query,
      doing: 'list containers',
    } as const;
    const entries = listOf(await this.#client.call(call));
    const found = entries.map((entry) => summaryOf(entry, this.#scope));
    const summaries = found.filter((summary) => summary !== undefined);
    this.#modules = new Map(summaries.map(({ id, owner }) => [id, owner.module]));
    return { summaries, sources: entries.flatMap(sourcesIn) };
  }

  /** undefined when it is gone or not of the instance. */
  async inspect(id: string): Promise<Inspected | undefined> {
    const path = `/containers/${encodeURIComponent(id)}/json`;
    const doing = `inspect container ${id.slice(0, 12)}`;
    const reply = await this.#client
      .call({ method: 'GET', path, doing })
      .catch((error: unknown) => {
        if (refusalStatus(error) === 404) return undefined;
        throw error;
      });
    const { unlimited } = await this.#about.facts();
    const container = observedOf(reply, this.#scope, unlimited);
    if (container === undefined) return undefined;
    this.created(container.id, container.owner.module);
    const hasTerminal = replyOf(replyOf(reply)['Config'])['Tty'] === true;
    return { container, hasTerminal, sources: sourcesIn(reply) };
  }

  /** Notes a container that was just made. */
  created(id: string, module: string): void {
    this.#modules.set(id, module);
  }

  /** Module of a container; CONTAINER_GONE when there is no such container of the instance. */
  async moduleOf(id: string): Promise<string> {
    const module = this.#modules.get(id) ?? (await this.inspect(id))?.container.owner.module;
    if (module !== undefined) return module;
    const message = `There is no container ${id.slice(0, 12)} of this instance`;
    throw new RegistrarError('CONTAINER_GONE', message);
  }
}

const sourcesIn = (entry: unknown): string[] =>
  listOf(replyOf(entry)['Mounts']).map((mount) => textOf(replyOf(mount)['Source']));
