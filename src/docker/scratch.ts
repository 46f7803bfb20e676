import type { EngineClient } from './client.js';
import { deviceRequests } from './create-options.js';
import { SCRATCH_LABEL, instanceLabels, scratchName } from './names.js';
import { Temporaries } from './temporaries.js';

/** Where a scratch container has its volume: a folder with this name in this folder. */
export const SCRATCH_VOLUME = { parent: '/registrar', name: 'volume' };

export interface ScratchInput {
  readonly imageId: string;
  /** Name of a volume to mount at `SCRATCH_VOLUME`. */
  readonly volume?: string;
  /** Folder of the engine's host to mount, and where. */
  readonly folder?: { readonly source: string; readonly target: string };
  /** UUIDs of GPUs that it asks for. */
  readonly gpus?: readonly string[];
}

/** No image can have a program there, since the kernel's own files cover it. */
export const NO_PROGRAM = '/proc/never-started';

/**
 * Containers in which nothing ever runs: they open an image, a volume or a folder to the engine's archive calls,
 * so that nothing of an image has to run for it, or show whether the engine can give a GPU.
 */
export class Scratch {
  readonly #instanceId: string;
  readonly #containers: Temporaries;

  constructor(client: EngineClient, instanceId: string) {
    this.#instanceId = instanceId;
    const prefix = scratchName(instanceId, '');
    this.#containers = new Temporaries(client, { instanceId, label: SCRATCH_LABEL, prefix });
  }

  /** Makes a container, hands its id to `work`, and removes it whatever comes of that. */
  use<T>(input: ScratchInput, work: (id: string) => Promise<T>): Promise<T> {
    return this.#containers.use({ body: this.#body(input), doing: 'open an image' }, work);
  }

  /** Removes what a process that died left behind. */
  removeLeftovers(): Promise<void> {
    return this.#containers.removeLeftovers();
  }

  #body({ imageId, volume, folder, gpus = [] }: ScratchInput): object {
    const { parent, name } = SCRATCH_VOLUME;
    const Mounts = [
      ...(volume === undefined
        ? []
        : [{ Type: 'volume', Source: volume, Target: `${parent}/${name}` }]),
      ...(folder === undefined
        ? []
        : [{ Type: 'bind', Source: folder.source, Target: folder.target }]),
    ];
    return {
      Image: imageId,
      Entrypoint: [NO_PROGRAM],
      Labels: { ...instanceLabels(this.#instanceId), [SCRATCH_LABEL]: 'true' },
      HostConfig: {
        ...{ NetworkMode: 'none', CapDrop: ['ALL'], Mounts },
        ...deviceRequests(gpus),
      },
    };
  }
}
