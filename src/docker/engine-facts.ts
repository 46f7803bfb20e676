import type { EngineClient } from './client.js';
import { replyOf, textOf } from './reply.js';

/** What stays the same while one engine answers. */
export interface EngineFacts {
  readonly id: string;
  /** Folder on the engine's host that holds its images, containers and volumes. */
  readonly dataRoot: string;
}

/** Asks the engine about itself once a connection: the answer costs it a few processes each time. */
export class EngineAbout {
  readonly #client: EngineClient;
  #session: Promise<string> | undefined;
  #facts: Promise<EngineFacts> | undefined;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  facts(): Promise<EngineFacts> {
    const session = this.#client.version();
    if (this.#facts === undefined || this.#session !== session) {
      this.#session = session;
      this.#facts = this.#ask();
    }
    return this.#facts;
  }

  async #ask(): Promise<EngineFacts> {
    try {
      const call = { method: 'GET', path: '/info', doing: 'ask the engine about itself' } as const;
      const { ID, DockerRootDir } = replyOf(await this.#client.call(call));
      return { id: textOf(ID), dataRoot: textOf(DockerRootDir) };
    } catch (error) {
      this.#facts = undefined;
      throw error;
    }
  }
}
