import type { Readable, Writable } from 'node:stream';
import type {
  ContainerSummary,
  ImageFacts,
  Limits,
  ObservedContainer,
} from '../model/container.js';
import type { Owner } from '../model/owner.js';
import type { ContainerTemplate } from '../model/revision.js';
import type { UsageSample } from '../model/usage.js';

export interface CreateRequest {
  readonly owner: Owner;
  readonly template: ContainerTemplate;
  /** Engine id of an image that is present. */
  readonly imageId: string;
}

/** A hint that something about a container may have changed; never the truth. */
export type RuntimeEvent =
  | {
      readonly kind: 'container';
      readonly id: string;
      readonly module: string;
      readonly action: string;
    }
  /** The stream began or was interrupted: anything may have changed. */
  | { readonly kind: 'gap' };

export interface LogOptions {
  readonly follow: boolean;
  /** Only the last lines; all when undefined. */
  readonly tail?: number;
  /** Only lines written at this time or later, in milliseconds since 1970. */
  readonly sinceTime?: number;
  /** Only lines written at this time or before; what is followed must not have it. */
  readonly untilTime?: number;
  /** Each line begins with its time: RFC 3339 with nanoseconds, and a space. */
  readonly timestamps?: boolean;
}

export interface ExecRequest {
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  /** Without it the command finds its standard input at its end. */
  readonly stdin: boolean;
  /** Gives it a terminal; then its errors are among its output. */
  readonly tty: boolean;
}

/** A piece of what a command writes. */
export interface Output {
  readonly source: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** A command that runs in a container. It must be closed, or its output read to the end. */
export interface ExecSession {
  /** Ending it ends the standard input of the command. */
  readonly input: Writable;
  /** In the order of writing; the command waits for a slow reader. To be read once. */
  readonly output: AsyncIterable<Output>;
  /** Once the output has ended; 126 or 127 for a command that could not be run. */
  exitCode(): Promise<number>;
  /** Only of a terminal. */
  resize(size: TerminalSize): Promise<void>;
  /** Lets go. A command that neither reads nor writes may go on: no engine can end one. */
  close(): void;
}

export interface EngineInfo {
  /** Changes when the socket leads to another engine. */
  readonly engineId: string;
  readonly version: string;
  readonly apiVersion: string;
}

/**
 * The container engine as the controller sees it. Every call has its own deadline and rejects with
 * a RegistrarError: ENGINE_UNAVAILABLE or ENGINE_TIMEOUT when the engine cannot be asked,
 * CONTAINER_GONE for an id that does not exist, CONTAINER_BUSY while a container is being removed.
 * "Already so" (started, stopped, removed) is success. Nothing without this instance's labels is
 * ever listed, inspected or changed.
 */
export interface Runtime {
  info(): Promise<EngineInfo>;
  /** All containers of the instance, in one engine call. */
  list(): Promise<ContainerSummary[]>;
  /** One container in full; undefined when it is gone or not ours. */
  inspect(id: string): Promise<ObservedContainer | undefined>;
  /** An image that is present, by reference or id; undefined when it is not, INVALID when malformed. */
  findImage(reference: string): Promise<ImageFacts | undefined>;
  /**
   * Pulls an image. IMAGE_NOT_FOUND when the registry does not have it, IMAGE_PULL_FAILED
   * otherwise, also after two minutes without progress or thirty in all.
   */
  pullImage(
    reference: string,
    onProgress: (text: string) => void,
    signal: AbortSignal,
  ): Promise<ImageFacts>;
  /**
   * Creates a container (not started) on the instance's network, which it makes when needed.
   * Resolves to its id, also when one of the same owner already has the name. NAME_CONFLICT when
   * the name of the container, network or a volume belongs to somebody else, CONTAINER_BUSY when
   * it belongs to an older container of ours, IMAGE_NOT_FOUND, HOST_PATH_REFUSED; INVALID or
   * FORBIDDEN for a template that no container can or may be made from.
   */
  create(request: CreateRequest): Promise<string>;
  /**
   * START_FAILED or PORT_CONFLICT with the engine's reason when the container cannot start. A
   * paused one goes on.
   */
  start(id: string): Promise<void>;
  /** Asks with SIGTERM, kills after `graceSeconds`. Works on a paused container too. */
  stop(id: string, graceSeconds: number): Promise<void>;
  /** Removes a container, also a running one; its anonymous volumes too, never a named one. */
  remove(id: string): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  unpause(id: string): Promise<void>;
  /** Puts a container back on the instance's network; its ports are published again. */
  connect(id: string): Promise<void>;
  updateLimits(id: string, limits: Limits): Promise<void>;
  /** Standard output and error, interleaved, as lines of UTF-8 text. Destroy it to stop. */
  logs(id: string, options: LogOptions): Promise<Readable>;
  /** What a container has used since it was started; undefined when it does not run. */
  stats(id: string): Promise<UsageSample | undefined>;
  /**
   * Runs a command beside the container's own, as the same user with the same rights.
   * CONTAINER_NOT_RUNNING when it is stopped, paused or restarting.
   */
  exec(id: string, request: ExecRequest): Promise<ExecSession>;
  /** Ends when the signal aborts; reconnects by itself otherwise (0.8 s to 30 s). */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
  /** Removes what no container of the instance needs any more (its network). */
  tidy(): Promise<void>;
}
