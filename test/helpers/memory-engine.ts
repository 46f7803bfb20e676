import { randomBytes } from 'node:crypto';
import type { CreateRequest, RegistryCredentials, RuntimeEvent } from '../../src/docker/runtime.js';
import type { Clock } from '../../src/lib/clock.js';
import type { Room } from '../../src/lib/room.js';
import type {
  ImageDetails,
  Limits,
  Membership,
  ObservedContainer,
} from '../../src/model/container.js';
import { RegistrarError } from '../../src/model/errors.js';
import { hostPortsOf, type HostPort } from '../../src/model/host.js';
import { limitsOf } from '../../src/model/limits.js';
import type { Health } from '../../src/model/module-status.js';
import { buildInMemory, type Builder } from './memory-build.js';
import { PROGRAMS, type Run } from './memory-exec.js';
import { imageWith } from './memory-images.js';
import type { Line } from './memory-log.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A container of the memory engine; `owner.instance` is empty for a foreign one. */
export type MemoryContainer = Mutable<Omit<ObservedContainer, 'memberships' | 'gpus'>> & {
  memberships: readonly Membership[];
  readonly log: Line[];
  readonly hasHealthCheck: boolean;
  /** When its files were written, by path. */
  readonly files: Map<string, string>;
  /** Ports of the host that it takes while it runs. */
  ports: readonly HostPort[];
  readonly gpus: readonly string[];
  /** Since it was last started. */
  readonly usage: { cpuNanoseconds: number; memoryBytes: number };
};

export interface MemoryVolume {
  readonly instance: string;
  readonly module: string;
  /** Ids of the containers that were made with it. */
  readonly containers: Set<string>;
}

type Listener = (event: RuntimeEvent, instance: string) => void;

const NO_OWNER = { instance: '', module: '', uid: '', revision: '', slot: 0 };

/** 64 hexadecimal digits, as the engine names containers and images. */
export const newId = (): string => randomBytes(32).toString('hex');

/**
 * The engine behind MemoryRuntime: what it holds, and what a person with the docker command or a
 * crashing process does to it. Several runtimes may share one.
 */
export class MemoryEngine {
  readonly engineId = newId();
  readonly containers = new Map<string, MemoryContainer>();
  /** Images that are present, by reference and by id. */
  readonly images = new Map<string, ImageDetails>();
  /** Images that a registry would give, by reference. */
  readonly registry = new Map<string, ImageDetails>();
  /** Credentials that the registry asks for, by reference; it says "not found" to all others. */
  readonly logins = new Map<string, RegistryCredentials>();
  /** Named volumes that were made, and who had them. */
  readonly volumes = new Map<string, MemoryVolume>();
  /** Memory of its host. */
  memoryBytes = 64 * 1024 ** 3;
  /** What its host cannot give, by what it is asked for: a folder, a volume, a GPU. */
  readonly refusals = new Map<string, RegistrarError>();
  /** Where it keeps its data; undefined when that cannot be said. */
  room: Room | undefined;
  /** How images are built. */
  builder: Builder = buildInMemory;
  /** What can be run in containers, by name. */
  readonly programs = new Map<string, Run>(PROGRAMS);
  readonly clock: Clock;
  readonly #listeners = new Set<Listener>();
  #addresses = 1;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Makes an image present under a reference; moves the reference when it names another. */
  addImage(reference: string, known: Partial<ImageDetails> = {}): ImageDetails {
    const image = imageWith(known);
    this.images.set(reference, image).set(image.id, image);
    return image;
  }

  /** Lets a reference be pulled. */
  publish(reference: string, known: Partial<ImageDetails> = {}): ImageDetails {
    const image = imageWith({ digest: `sha256:${newId()}`, ...known });
    this.registry.set(reference, image);
    return image;
  }

  /** The tags of an image. */
  tagsOf(id: string): string[] {
    return [...this.images].flatMap(([name, image]) =>
      image.id === id && name !== id ? [name] : [],
    );
  }

  removeImage(id: string): void {
    for (const name of [id, ...this.tagsOf(id)]) this.images.delete(name);
  }

  /** Makes a container; one without `request` is foreign to every instance. */
  add(name: string, request?: CreateRequest): MemoryContainer {
    const container: MemoryContainer = {
      id: newId(),
      name,
      owner: request?.owner ?? { ...NO_OWNER, specHash: '', commit: '', generation: 0 },
      imageId: request?.imageId ?? `sha256:${newId()}`,
      state: 'created',
      health: 'none',
      createdAt: this.#time(),
      address: '',
      limits: request ? limitsOf(request.template.resources) : limitsOf(NO_LIMITS),
      exitCode: 0,
      oomKilled: false,
      error: '',
      startedAt: undefined,
      finishedAt: undefined,
      restartCount: 0,
      createdFrom: request?.imageId,
      memberships: request?.uses.map((of) => ({ of, isNamed: false })) ?? [],
      log: [],
      files: new Map(),
      usage: { cpuNanoseconds: 0, memoryBytes: 4096 },
      ports: request ? hostPortsOf(request.template) : [],
      gpus: request?.template.resources.gpus ?? [],
      hasHealthCheck: request?.template.healthCheck?.exec !== undefined,
    };
    this.containers.set(container.id, container);
    this.#emit(container, 'create');
    return container;
  }

  named(name: string): MemoryContainer | undefined {
    return [...this.containers.values()].find((container) => container.name === name);
  }

  get(id: string): MemoryContainer {
    const container = this.containers.get(id);
    if (container === undefined) throw new RegistrarError('CONTAINER_GONE', `No container "${id}"`);
    return container;
  }

  start(id: string): void {
    const container = this.get(id);
    const health = container.hasHealthCheck ? 'starting' : 'none';
    Object.assign(container, { state: 'running', health, exitCode: 0, error: '', restartCount: 0 });
    Object.assign(container, { startedAt: this.#time(), oomKilled: false });
    container.usage.cpuNanoseconds = 0;
    container.address = `10.0.0.${++this.#addresses}`;
    this.#emit(container, 'start');
  }

  /** The engine could not start it: it stays created, as on the real engine. */
  refuseStart(id: string, error: string): void {
    Object.assign(this.get(id), { error, exitCode: 127 });
  }

  /** Its process ends; the engine's own restarts are over. */
  crash(id: string, exitCode: number, { oomKilled = false } = {}): void {
    const container = this.get(id);
    Object.assign(container, { state: 'exited', exitCode, oomKilled, address: '' });
    container.finishedAt = this.#time();
    this.#emit(container, 'die');
  }

  /** Its process ends and the engine's restart policy starts it again. */
  restart(id: string, exitCode = 1): void {
    const { restartCount } = this.get(id);
    this.crash(id, exitCode);
    this.start(id);
    this.get(id).restartCount = restartCount + 1;
  }

  /** Its process ends, and the engine waits a little before it starts it again. */
  restartLater(id: string, exitCode = 1): void {
    const container = this.get(id);
    const { restartCount } = container;
    Object.assign(container, { state: 'restarting', exitCode, address: '' });
    Object.assign(container, { finishedAt: this.#time(), restartCount: restartCount + 1 });
    this.#emit(container, 'die');
  }

  /** Its process writes lines, now. */
  say(id: string, ...texts: readonly string[]): void {
    const at = this.clock.now();
    this.get(id).log.push(...texts.map((text) => ({ at, text })));
  }

  /** Its process writes a file, now. */
  write(id: string, path: string): void {
    this.get(id).files.set(path, this.#time());
  }

  /** The time by the engine's clock. */
  now(): number {
    return this.clock.now();
  }

  /** Its host was started anew: what was in memory is gone, and no start of it works any more. */
  loseFiles(id: string): void {
    this.get(id).lostFiles = true;
    this.crash(id, 127);
  }

  pause(id: string): void {
    this.get(id).state = 'paused';
    this.#emit(this.get(id), 'pause');
  }

  unpause(id: string): void {
    this.get(id).state = 'running';
    this.#emit(this.get(id), 'unpause');
  }

  /** Takes a container off its network, of which no event of a container tells. */
  disconnect(id: string): void {
    this.get(id).address = '';
  }

  connect(id: string): void {
    const container = this.get(id);
    if (container.state === 'running') container.address ||= `10.0.0.${++this.#addresses}`;
  }

  rename(id: string, name: string): void {
    this.get(id).name = name;
    this.#emit(this.get(id), 'rename');
  }

  updateLimits(id: string, limits: Limits): void {
    this.get(id).limits = { ...limits };
    this.#emit(this.get(id), 'update');
  }

  setHealth(id: string, health: Health): void {
    this.get(id).health = health;
    this.#emit(this.get(id), 'health_status');
  }

  remove(id: string): void {
    const container = this.get(id);
    this.containers.delete(id);
    this.#emit(container, 'destroy');
  }

  /** Calls `listener` with each event until the returned function is called. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #time(): string {
    return new Date(this.clock.now()).toISOString();
  }

  #emit({ id, owner }: MemoryContainer, action: string): void {
    const event = { kind: 'container', id, module: owner.module, action } as const;
    for (const listener of this.#listeners) listener(event, owner.instance);
  }
}

const NO_LIMITS = { memory: '0Mi', cpus: '0', pids: 0, gpus: [] };
