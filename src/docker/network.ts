import type { Log } from '../lib/log.js';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { INSTANCE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { refusalStatus } from './errors.js';
import { instanceLabels, networkName } from './names.js';
import { replyOf, textsOf } from './reply.js';

/** Containers see the outside and are reached by the host, but not by each other. */
const OPTIONS = { 'com.docker.network.bridge.enable_icc': 'false' };

/** The instance's network: made when first needed, made again when somebody removed it. */
export class InstanceNetwork {
  readonly name: string;
  readonly #client: EngineClient;
  readonly #instanceId: string;
  readonly #log: Log;
  #present: Promise<void> | undefined;

  constructor(client: EngineClient, instanceId: string, log: Log) {
    this.#client = client;
    this.#log = log;
    this.#instanceId = instanceId;
    this.name = networkName(instanceId);
  }

  /** Costs no call once it succeeded. NAME_CONFLICT when the name belongs to somebody else. */
  ensure(): Promise<void> {
    this.#present ??= this.#make().catch((error: unknown) => {
      this.#present = undefined;
      throw error;
    });
    return this.#present;
  }

  /**
   * Puts a stopped container on the network again, which was removed and made anew: the container
   * would go on asking for the id of the old one.
   */
  async rejoin(containerId: string): Promise<void> {
    this.#log.warn({ network: this.name, container: containerId }, 'Network was replaced');
    this.#present = undefined;
    await this.ensure();
    await this.#change('disconnect', { Container: containerId, Force: true });
    await this.#connect(containerId);
  }

  /** Puts a container on the network; success when it is there already. */
  async join(containerId: string): Promise<void> {
    await this.ensure();
    try {
      await this.#connect(containerId);
    } catch (error) {
      if (refusalStatus(error) !== 403) throw error;
    }
  }

  /** Removes the network; one that is in use or foreign stays. */
  async remove(): Promise<void> {
    this.#present = undefined;
    if (!(await this.#isOurs())) return;
    const path = this.#path();
    await this.#client
      .call({ method: 'DELETE', path, doing: this.#doing('remove') })
      .catch((error: unknown) => {
        if (refusalStatus(error) !== 403 && refusalStatus(error) !== 404) throw error;
      });
  }

  async #make(): Promise<void> {
    const body = {
      Name: this.name,
      Driver: 'bridge',
      CheckDuplicate: true,
      Labels: instanceLabels(this.#instanceId),
      Options: OPTIONS,
    };
    const path = '/networks/create';
    try {
      await this.#client.call({ method: 'POST', path, body, doing: this.#doing('create') });
    } catch (error) {
      if (refusalStatus(error) !== 409) throw error;
      await this.#checkOwner();
    }
  }

  async #checkOwner(): Promise<void> {
    if (await this.#isOurs()) return;
    const message = `Cannot use network "${this.name}": it is not of this instance; remove or rename it`;
    throw new RegistrarError('NAME_CONFLICT', message);
  }

  async #isOurs(): Promise<boolean> {
    const call = { method: 'GET', path: this.#path(), doing: this.#doing('inspect') } as const;
    const reply = await this.#client.call(call).catch((error: unknown) => {
      if (isRegistrarError(error) && refusalStatus(error) === 404) return undefined;
      throw error;
    });
    return textsOf(replyOf(reply)['Labels'])[INSTANCE_LABEL] === this.#instanceId;
  }

  #connect(containerId: string): Promise<void> {
    return this.#change('connect', { Container: containerId });
  }

  async #change(verb: 'connect' | 'disconnect', body: object): Promise<void> {
    const path = `${this.#path()}/${verb}`;
    await this.#client.call({ method: 'POST', path, body, doing: this.#doing(`${verb} from`) });
  }

  #path(): string {
    return `/networks/${encodeURIComponent(this.name)}`;
  }

  #doing(verb: string): string {
    return `${verb} network "${this.name}"`;
  }
}
