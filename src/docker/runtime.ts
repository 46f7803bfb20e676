import type { Readable, Writable } from 'node:stream';
import type {
  ContainerSummary,
  ImageDetails,
  ImageFacts,
  Limits,
  ObservedContainer,
  OwnedImage,
} from '../model/container.js';
import type { RegistrarError } from '../model/errors.js';
import type { OwnedVolume } from '../model/clean-up.js';
import type { Room } from '../lib/room.js';
import type { Neighbour } from '../model/host.js';
import type { Owner } from '../model/owner.js';
import type { ContainerTemplate } from '../model/revision.js';
import type { SecretFile } from '../model/secret.js';
import type { UsageSample } from '../model/usage.js';

export interface CreateRequest {
  readonly owner: Owner;
  readonly template: ContainerTemplate;
  /** Engine id of an image that is present. */
  readonly imageId: string;
  /** Values of the environment variables of the template that are in Secrets. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Files of its volumes that are in Secrets. */
  readonly files: readonly SecretFile[];
  /** Modules that it is to reach. */
  readonly uses: readonly string[];
}

/** What is to be made, for a look at what may be in the way of it. */
export interface SurveyRequest extends Pick<CreateRequest, 'template'> {
  readonly owner: Pick<Owner, 'instance' | 'module'>;
  /** Undefined while there is none: then it is not tried whether its GPUs can be had. */
  readonly imageId: string | undefined;
}

/** What the engine and its host have, and what of it a container cannot have. */
export interface Survey {
  /** Every container of the engine. */
  readonly containers: readonly Neighbour[];
  /** Why mounts and GPUs cannot be had: see `REFUSALS` in survey.ts. */
  readonly refusals: readonly RegistrarError[];
  /** Memory of the engine's host, 0 when it does not tell. */
  readonly memoryBytes: number;
  /** Whether the ports of this machine are those of the engine's host. */
  readonly isLocal: boolean;
}

/** A hint that something about a container may have changed; never the truth. */
export type RuntimeEvent =
  | {
      readonly kind: 'container';
      readonly id: string;
      readonly module: string;
      readonly action: string;
    }
  /** The stream began or broke off: anything may have changed. */
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
  /** Of the containers that it runs, in the words of images: `linux`, `amd64`. */
  readonly os: string;
  readonly architecture: string;
}

/** What a build may use. */
export interface BuildLimits {
  readonly totalMs: number;
  /** Without a word from the build. */
  readonly silenceMs: number;
  /** Output that is passed on. A build that prints ten times as much is ended. */
  readonly logBytes: number;
  /** Of the processes of one step together. */
  readonly memoryBytes: number;
  readonly nanoCpus: number;
  /** Size of one file that a step writes. */
  readonly fileBytes: number;
  /** What all steps together may add to the engine's disk. */
  readonly diskBytes: number;
}

export interface BuildRequest {
  /** Path of an uncompressed tar of a whole commit, as `git archive` makes it. Only read. */
  readonly archive: string;
  /** Folder in it that is the context of the build; `.` for all of it. */
  readonly path: string;
  /** Path of the Dockerfile, in that folder. */
  readonly dockerfile: string;
  /** `name:tag` that the image gets once it is built. */
  readonly tag: string;
  /** Labels of the image; that of the instance is added. */
  readonly labels: Readonly<Record<string, string>>;
  readonly limits: BuildLimits;
  /** Covers values that the output must not tell; none when undefined. */
  readonly conceal?: (text: string) => string;
}

/** A command that is run by itself, in a container that is there for it alone. */
export interface GateRequest extends Pick<
  CreateRequest,
  'template' | 'imageId' | 'secrets' | 'files' | 'uses'
> {
  readonly module: string;
  /** Program and arguments; no shell looks at them. */
  readonly command: readonly string[];
  /** How long it may run. */
  readonly timeoutMs: number;
}

/** How such a command ended. */
export interface GateEnd {
  /** Undefined when it did not end in time. */
  readonly exitCode: number | undefined;
  /** Whether it was ended because it wanted more memory than it may have. */
  readonly oomKilled: boolean;
  /** The last lines of what it wrote. */
  readonly log: string;
}

/** What a registry asks for. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The container engine as the controller sees it. Every call has its own deadline and rejects with
 * a RegistrarError: ENGINE_UNAVAILABLE or ENGINE_TIMEOUT when the engine cannot be asked,
 * CONTAINER_GONE for an id that does not exist, CONTAINER_BUSY while a container is being removed.
 * "Already so" (started, stopped, removed) is success. Nothing without this instance's labels is
 * ever inspected or changed, nor listed but by a survey.
 */
export interface Runtime {
  info(): Promise<EngineInfo>;
  /**
   * All containers of the instance, in one engine call. Removes files of Secrets that none of them
   * uses any more.
   */
  list(): Promise<ContainerSummary[]>;
  /** One container in full; undefined when it is gone or not ours. */
  inspect(id: string): Promise<ObservedContainer | undefined>;
  /** An image that is present, by reference or id; undefined when it is not, INVALID when malformed. */
  findImage(reference: string): Promise<ImageFacts | undefined>;
  /** The same image with all that the engine tells of it. INVALID when that is too much to read. */
  imageDetails(reference: string): Promise<ImageDetails | undefined>;
  /**
   * Pulls an image. IMAGE_NOT_FOUND when the registry does not have it or asks for a login,
   * IMAGE_PULL_FAILED otherwise, also after two minutes without progress or thirty in all.
   */
  pullImage(
    reference: string,
    onProgress: (text: string) => void,
    signal: AbortSignal,
    credentials?: RegistryCredentials,
  ): Promise<ImageFacts>;
  /**
   * The digest that a registry has for an image now; nothing is pulled. IMAGE_NOT_FOUND when it has
   * none or asks for a login, IMAGE_PULL_FAILED when it cannot be asked, INVALID when malformed.
   */
  remoteDigest(
    reference: string,
    signal: AbortSignal,
    credentials?: RegistryCredentials,
  ): Promise<string>;
  /**
   * Builds an image from a commit and tags it once it is there. `onOutput` gets its output line by
   * line, clean and bounded. BUILD_FAILED when it cannot be built or is cancelled, BUILD_LIMIT when
   * it wants more than it may have. What it leaves but the image is removed, however it ends.
   */
  buildImage(
    request: BuildRequest,
    onOutput: (line: string) => void,
    signal: AbortSignal,
  ): Promise<ImageDetails>;
  /** Images that this instance built. */
  listImages(): Promise<OwnedImage[]>;
  /**
   * Removes an image that this instance built, with its tags. One that a container or another image
   * needs, or that is not ours, is left alone. Resolves to whether it is gone.
   */
  removeImage(id: string): Promise<boolean>;
  /** Named volumes that this instance made. */
  listVolumes(): Promise<OwnedVolume[]>;
  /**
   * Removes a volume that this instance made, with all that is in it. One that a container has, or
   * that is not ours, is left alone. Resolves to whether it is gone.
   */
  removeVolume(name: string): Promise<boolean>;
  /** Looks at what could be in the way of a new container. Leaves everything as it is. */
  survey(request: SurveyRequest): Promise<Survey>;
  /** Room where the engine keeps its data; undefined when that cannot be said. */
  room(): Promise<Room | undefined>;
  /**
   * Creates a container (not started) on the instance's network, which it makes when needed.
   * Resolves to its id, also when one of the same owner already has the name. NAME_CONFLICT when
   * the name of the container, network or a volume belongs to somebody else, CONTAINER_BUSY when
   * it belongs to an older container of ours, IMAGE_NOT_FOUND, HOST_PATH_REFUSED,
   * SECRET_FILES_UNAVAILABLE; INVALID or FORBIDDEN for a template that no container can or may be
   * made from.
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
  /**
   * Puts a container on the network of a module, which it makes when needed. `isNamed`: those there
   * reach it by the name of that module. One that is there keeps its address while its name comes or
   * goes, and with it the connections that it has. NAME_CONFLICT when the name of the network belongs
   * to somebody else.
   */
  join(id: string, module: string, isNamed: boolean): Promise<void>;
  /** Takes a container off the network of a module. */
  leave(id: string, module: string): Promise<void>;
  updateLimits(id: string, limits: Limits): Promise<void>;
  /** Standard output and error, interleaved, as lines of UTF-8 text. Destroy it to stop. */
  logs(id: string, options: LogOptions): Promise<Readable>;
  /**
   * When a file in a container was last written, to be compared with another answer; undefined when
   * there is no such file, or it is in memory, where older engines do not look.
   */
  fileTime(id: string, path: string): Promise<string | undefined>;
  /** What a container has used since it was started; undefined when it does not run. */
  stats(id: string): Promise<UsageSample | undefined>;
  /**
   * Runs a command beside the container's own, as the same user with the same rights.
   * CONTAINER_NOT_RUNNING when it is stopped, paused or restarting.
   */
  exec(id: string, request: ExecRequest): Promise<ExecSession>;
  /**
   * Runs a command in a container of its own: made as those of the module are, but with no ports,
   * GPUs or added capabilities, of volumes just files of Secrets, no slot of the module, and gone when
   * this resolves or rejects. START_FAILED when it cannot be started, and what `create` rejects with.
   */
  runGate(request: GateRequest, signal: AbortSignal): Promise<GateEnd>;
  /** Removes the containers of gates that a process which died left behind. */
  removeLeftGates(): Promise<void>;
  /** Ends when the signal aborts; reconnects by itself otherwise (0.8 s to 30 s). */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent>;
  /**
   * Removes what no container of the instance needs any more: networks, files of Secrets, and what was
   * left.
   */
  tidy(): Promise<void>;
}
