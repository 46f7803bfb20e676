import type { Log } from '../lib/log.js';
import type { Limits } from '../model/container.js';
import type { EngineClient } from './client.js';
import { integerOf, replyOf, textOf } from './reply.js';
import type { Reply } from './reply.js';

/** What stays the same while one engine answers. */
export interface EngineFacts {
  readonly id: string;
  /** Folder on the engine's host that holds its images, containers and volumes. */
  readonly dataRoot: string;
  /** Memory of the engine's host, 0 when it does not tell. */
  readonly memoryBytes: number;
  /**
   * Limits that the host's kernel cannot hold a container to. The engine takes them with a warning
   * and forgets them.
   */
  readonly unlimited: ReadonlySet<keyof Limits>;
}

/** What the engine calls the means to a limit; false where the kernel lacks them. */
export const MEANS: Readonly<Record<keyof Limits, string>> = {
  memoryBytes: 'MemoryLimit',
  nanoCpus: 'CpuCfsQuota',
  pids: 'PidsLimit',
};

/** Asks the engine about itself once a connection: the answer costs it a few processes each time. */
export class EngineAbout {
  readonly #client: EngineClient;
  readonly #log: Log;
  #session: Promise<string> | undefined;
  #facts: Promise<EngineFacts> | undefined;

  constructor(client: EngineClient, log: Log) {
    this.#client = client;
    this.#log = log;
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
      const facts = factsIn(replyOf(await this.#client.call(call)));
      if (facts.unlimited.size > 0) {
        this.#log.warn({ limits: [...facts.unlimited] }, 'The host cannot limit its containers');
      }
      return facts;
    } catch (error) {
      this.#facts = undefined;
      throw error;
    }
  }
}

function factsIn(info: Reply): EngineFacts {
  const { ID, DockerRootDir, MemTotal } = info;
  const limits = Object.keys(MEANS) as (keyof Limits)[];
  const unlimited = limits.filter((limit) => info[MEANS[limit]] === false);
  const memoryBytes = integerOf(MemTotal);
  const about = { id: textOf(ID), dataRoot: textOf(DockerRootDir), memoryBytes };
  return { ...about, unlimited: new Set(unlimited) };
}
