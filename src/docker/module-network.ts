import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { INSTANCE_LABEL, MODULE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { isNetworkMissing, refusalStatus, refusalText } from './errors.js';
import { moduleLabels, moduleNetworkName } from './names.js';
import { listOf, replyOf, textOf, textsOf } from './reply.js';
import { subnetsFor } from './subnets.js';

/** Subnets that are tried before it is given up: with so many taken something is wrong. */
const MOST_TRIES = 64;

/** How a container is on a network. */
interface Place {
  /** Empty while the container does not run. */
  readonly address: string;
  readonly isNamed: boolean;
}

/**
 * The network on which those that need a module reach it, and nothing else: it leads nowhere beyond
 * itself. Made when first needed, made again when somebody removed it.
 */
export class ModuleNetwork {
  readonly name: string;
  readonly #client: EngineClient;
  readonly #instanceId: string;
  readonly #module: string;
  #present: Promise<void> | undefined;

  constructor(client: EngineClient, instanceId: string, module: string) {
    this.#client = client;
    this.#instanceId = instanceId;
    this.#module = module;
    this.name = moduleNetworkName(instanceId, module);
  }

  /**
   * Puts a container on the network, with the name of the module or without. One that is there keeps
   * its address, and with it the connections that it has: only its name comes or goes.
   */
  async join(id: string, isNamed: boolean): Promise<void> {
    await this.#ensure();
    try {
      await this.#place(id, isNamed);
    } catch (error) {
      if (!isNetworkMissing(error)) throw error;
      this.#present = undefined;
      await this.#ensure();
      await this.#place(id, isNamed);
    }
  }

  /** Success when it is not there. */
  async leave(id: string): Promise<void> {
    if ((await this.#placeOf(id)) !== undefined) await this.#disconnect(id);
  }

  /** Removes the network unless a container is on it, also one that does not run, or it is foreign. */
  async removeUnused(): Promise<void> {
    this.#present = undefined;
    if ((await this.#users()) > 0) return;
    const call = { method: 'DELETE', path: this.#path(), doing: this.#doing('remove') } as const;
    await this.#client.call(call).catch((error: unknown) => {
      if (refusalStatus(error) !== 403 && refusalStatus(error) !== 404) throw error;
    });
  }

  async #place(id: string, isNamed: boolean): Promise<void> {
    const there = await this.#placeOf(id);
    if (there?.isNamed === isNamed) return;
    if (there !== undefined) await this.#disconnect(id);
    const Aliases = isNamed ? [this.#module] : [];
    const address = there?.address ?? '';
    const IPAMConfig = address === '' ? {} : { IPAMConfig: { IPv4Address: address } };
    await this.#change('connect', { Container: id, EndpointConfig: { Aliases, ...IPAMConfig } });
  }

  async #placeOf(id: string): Promise<Place | undefined> {
    const path = `/containers/${encodeURIComponent(id)}/json`;
    const doing = `inspect container ${id.slice(0, 12)}`;
    const reply = replyOf(await this.#client.call({ method: 'GET', path, doing }));
    const found = replyOf(replyOf(reply['NetworkSettings'])['Networks'])[this.name];
    if (found === undefined) return undefined;
    const { IPAddress, Aliases } = replyOf(found);
    return { address: textOf(IPAddress), isNamed: listOf(Aliases).includes(this.#module) };
  }

  #disconnect(id: string): Promise<void> {
    return this.#change('disconnect', { Container: id, Force: true });
  }

  async #change(verb: 'connect' | 'disconnect', body: object): Promise<void> {
    const path = `${this.#path()}/${verb}`;
    await this.#client.call({ method: 'POST', path, body, doing: this.#doing(`${verb} from`) });
  }

  #ensure(): Promise<void> {
    this.#present ??= this.#make().catch((error: unknown) => {
      this.#present = undefined;
      throw error;
    });
    return this.#present;
  }

  /** NAME_CONFLICT when the name belongs to somebody else. */
  async #make(): Promise<void> {
    if (await this.#isThere()) return;
    let tries = 0;
    for (const Subnet of subnetsFor(this.name)) {
      const refusal = await this.#create(Subnet);
      if (refusal === undefined) return;
      tries += 1;
      if (tries === MOST_TRIES) throw refusal;
    }
  }

  /** Why the subnet cannot be had, if somebody has it. */
  async #create(Subnet: string): Promise<RegistrarError | undefined> {
    const body = {
      ...{ Name: this.name, Driver: 'bridge', CheckDuplicate: true, Internal: true },
      Labels: moduleLabels(this.#instanceId, this.#module),
      IPAM: { Config: [{ Subnet }] },
    };
    const call = { method: 'POST', path: '/networks/create', body } as const;
    try {
      await this.#client.call({ ...call, doing: this.#doing('create') });
      return undefined;
    } catch (error) {
      if (refusalStatus(error) === 409) return (await this.#isThere()) ? undefined : raised(error);
      if (isRegistrarError(error) && /overlap/i.test(refusalText(error))) return error;
      throw error;
    }
  }

  async #isThere(): Promise<boolean> {
    const call = { method: 'GET', path: this.#path(), doing: this.#doing('inspect') } as const;
    const reply = await this.#client.call(call).catch((error: unknown) => {
      if (refusalStatus(error) === 404) return undefined;
      throw error;
    });
    if (reply === undefined) return false;
    const labels = textsOf(replyOf(reply)['Labels']);
    const isOurs =
      labels[INSTANCE_LABEL] === this.#instanceId && labels[MODULE_LABEL] === this.#module;
    if (isOurs) return true;
    const message = `Cannot use network "${this.name}": it is not of this instance; remove or rename it`;
    throw new RegistrarError('NAME_CONFLICT', message);
  }

  async #users(): Promise<number> {
    const filters = JSON.stringify({ network: [this.name] });
    const query = { all: '1', filters };
    const doing = this.#doing('list the containers of');
    const reply = await this.#client.call({
      method: 'GET',
      path: '/containers/json',
      query,
      doing,
    });
    return listOf(reply).length;
  }

  #path(): string {
    return `/networks/${encodeURIComponent(this.name)}`;
  }

  #doing(verb: string): string {
    return `${verb} network "${this.name}"`;
  }
}

function raised(error: unknown): never {
  throw error;
}
