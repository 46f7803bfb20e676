import type { Health } from './module.js';
import type { Owner } from './owner.js';

export type ContainerState =
  'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/** What one list call of the engine says about a container. */
export interface ContainerSummary {
  readonly id: string;
  /** Without the leading slash that the engine puts before it. */
  readonly name: string;
  readonly owner: Owner;
  readonly imageId: string;
  readonly state: ContainerState;
  readonly health: Health;
  /** RFC 3339. */
  readonly createdAt: string;
  /** Address in the instance's network, empty while the container does not run. */
  readonly address: string;
}

export interface Limits {
  readonly memoryBytes: number;
  readonly nanoCpus: number;
  readonly pids: number;
}

/** A container as inspected: the summary and what only an inspection tells. */
export interface ObservedContainer extends ContainerSummary {
  /** Without those that the host's kernel cannot hold a container to. */
  readonly limits: Partial<Limits>;
  /** Exit code of the last run; 127 or 128 when it could not start; 0 while it runs. */
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** The engine's text on a failed start, empty otherwise. */
  readonly error: string;
  /** RFC 3339; undefined when it never ran or never ended. */
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  /** Restarts by the engine's own policy since it was last started by a call. */
  readonly restartCount: number;
}

/** An image as the engine holds it. */
export interface ImageFacts {
  /** Engine id, `sha256:…`: the same id is the same bytes. */
  readonly id: string;
  /** `sha256:…` of the registry, undefined for an image that was only ever local. */
  readonly digest: string | undefined;
  /** User of the image's configuration, empty for root. */
  readonly user: string;
}
