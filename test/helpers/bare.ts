import { createOptions } from '../../src/docker/create-options.js';
import { networkName } from '../../src/docker/names.js';
import { templateOf } from '../../src/model/revision.js';
import type { Site } from './daemon.js';
import { aSpec } from './builders.js';
import { docker, SAMPLE_IMAGE } from './engine.js';

/** Sleeps, and ends when it is asked to. */
export const SLEEP = ['sh', '-c', 'trap "exit 0" TERM; sleep 3600 & wait'];

/** What Registrar is compared with: the same containers, made by plain calls of dockerode. */
export class BareContainers {
  readonly #engine = docker();
  readonly #instance: string;
  readonly #network: string;
  readonly #made: string[] = [];
  #image = '';

  /** On the network of that site, under labels that it does not look at. */
  constructor(site: Site) {
    this.#instance = `${site.instanceId()}-bare`;
    this.#network = networkName(site.instanceId());
  }

  /** Creates and starts one. */
  async run(name: string): Promise<void> {
    this.#image ||= (await this.#engine.getImage(SAMPLE_IMAGE).inspect()).Id;
    const template = templateOf({ metadata: {}, spec: aSpec({ command: SLEEP }) });
    const owner = {
      ...{ instance: this.#instance, module: name, uid: name, revision: 'bare', slot: 0 },
      ...{ specHash: 'bare', commit: '', generation: 1 },
    };
    const body = createOptions({
      ...{ owner, template, imageId: this.#image, user: '65532:65532' },
      ...{ network: this.#network, hostPaths: new Map(), secrets: new Map() },
    });
    const container = await this.#engine.createContainer({ name, ...body });
    this.#made.push(container.id);
    await container.start();
  }

  async remove(): Promise<void> {
    const ids = this.#made.splice(0);
    await Promise.all(ids.map((id) => this.#engine.getContainer(id).remove({ force: true })));
  }
}
