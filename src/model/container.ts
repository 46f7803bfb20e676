import type { Health } from './module-status.js';
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

/** That a container is on the network of a module. */
export interface Membership {
  readonly of: string;
  /** It is reached there by the name of that module. */
  readonly isNamed: boolean;
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
  /** Networks of modules that it is on; undefined while the engine did not tell. */
  readonly memberships?: readonly Membership[];
  /** Image that its create call named; undefined while the engine did not tell. */
  readonly createdFrom: string | undefined;
  /** What of it did not move and since when, for one that is unhealthy because it is stuck. */
  readonly stuck?: string;
  /** Whether the files of Secrets that it was made with are not there any more. */
  readonly lostFiles?: true;
  /** UUIDs of the GPUs that it was given. */
  readonly gpus?: readonly string[];
  /** Those of them that it turned out not to have any more. */
  readonly lostGpus?: readonly string[];
}

/**
 * Whether a container was made from an image. Either word of the engine is enough: with some stores
 * of images it calls the image of a container another id than the image itself, and what was created
 * by an id can be nothing else. One of which that is not known counts as made from it.
 */
export const isMadeFrom = (
  { imageId, createdFrom }: Pick<ObservedContainer, 'imageId' | 'createdFrom'>,
  image: string,
): boolean => imageId === image || createdFrom === undefined || createdFrom === image;

/** An image as the engine holds it. */
export interface ImageFacts {
  /** Engine id, `sha256:…`: the same id is the same bytes. */
  readonly id: string;
  /** `sha256:…` of the registry, undefined for an image that was only ever local. */
  readonly digest: string | undefined;
  /** User of the image's configuration, empty for root. */
  readonly user: string;
}

/** All that checks and people may want to know of an image. */
export interface ImageDetails extends ImageFacts {
  /** Such as `linux`. */
  readonly os: string;
  /** As Go names processors: `amd64`, `arm64`. */
  readonly architecture: string;
  readonly bytes: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Such as `8091/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  /** Paths in the container that the image declares as volumes. */
  readonly volumes: readonly string[];
  readonly hasHealthCheck: boolean;
  /** RFC 3339, by the clock of whoever built it. */
  readonly createdAt: string;
}

/** An image that this instance built. */
export interface OwnedImage {
  readonly id: string;
  /** Whether a container has it, whoever made that. */
  readonly isUsed: boolean;
  /** Its tags, none for one whose tags were moved to others. */
  readonly references: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** With the layers that it shares with others. */
  readonly bytes: number;
  /** RFC 3339. */
  readonly createdAt: string;
}
