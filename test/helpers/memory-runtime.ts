import { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import type {
  BuildRequest,
  CreateRequest,
  EngineInfo,
  ExecRequest,
  ExecSession,
  GateEnd,
  GateRequest,
  LogOptions,
  RegistryCredentials,
  Runtime,
  RuntimeEvent,
  Survey,
  SurveyRequest,
} from '../../src/docker/runtime.js';
import type { Clock } from '../../src/lib/clock.js';
import type {
  ContainerSummary,
  ImageDetails,
  ImageFacts,
  Limits,
  ObservedContainer,
  OwnedImage,
} from '../../src/model/container.js';
import { RegistrarError, isRegistrarError } from '../../src/model/errors.js';
import type { Neighbour } from '../../src/model/host.js';
import type { Room } from '../../src/lib/room.js';
import { INSTANCE_LABEL, containerName, type Owner } from '../../src/model/owner.js';
import type { UsageSample } from '../../src/model/usage.js';
import { volumeName } from '../../src/docker/names.js';
import type { OwnedVolume } from '../../src/model/clean-up.js';
import { isNamedVolume } from '../../src/model/volumes.js';
import { MemoryEngine, type MemoryContainer } from './memory-engine.js';
import { runGateInMemory, runInMemory } from './memory-exec.js';
import { selectLines } from './memory-log.js';

export type Method = keyof Runtime;

interface Fault {
  readonly error: RegistrarError;
  /** The call does its work and its answer is lost. */
  readonly afterwards: boolean;
}

export interface MemoryRuntimeOptions {
  readonly clock: Clock;
  readonly instanceId?: string;
  /** Shared with another runtime; one of its own when absent. */
  readonly engine?: MemoryEngine;
}

const SETTLED = ['exited', 'created', 'dead'];

/**
 * A working Runtime in memory. It passes the same contract as the one on Docker; `engine` plays the
 * outside world, `calls` records what was asked, and faults are put in by the methods at the end.
 */
export class MemoryRuntime implements Runtime {
  readonly engine: MemoryEngine;
  readonly instanceId: string;
  /** Every call in order, also those that failed. */
  readonly calls: { readonly method: Method; readonly args: readonly unknown[] }[] = [];
  readonly #faults = new Map<Method, Fault[]>();
  readonly #held = new Map<Method, Promise<void>>();
  readonly #streams = new Set<() => void>();
  readonly #returns = new Set<() => void>();
  readonly #broken = new Map<string, RegistrarError>();
  #away = false;

  constructor({ clock, instanceId = 'memory-instance', engine }: MemoryRuntimeOptions) {
    this.engine = engine ?? new MemoryEngine(clock);
    this.instanceId = instanceId;
  }

  info(): Promise<EngineInfo> {
    const { engineId } = this.engine;
    const platform = { os: 'linux', architecture: 'amd64' };
    const info = { engineId, version: 'memory', apiVersion: '1.41', ...platform };
    return this.#call('info', [], () => info);
  }

  list(): Promise<ContainerSummary[]> {
    return this.#call('list', [], () => this.#ours().map(summaryOf));
  }

  inspect(id: string): Promise<ObservedContainer | undefined> {
    return this.#call('inspect', [id], () => {
      const container = this.#ours().find((one) => one.id === id);
      return container && observedOf(container);
    });
  }

  findImage(reference: string): Promise<ImageFacts | undefined> {
    return this.#call('findImage', [reference], () => {
      const image = this.engine.images.get(reference);
      return image && factsOf(image);
    });
  }

  imageDetails(reference: string): Promise<ImageDetails | undefined> {
    return this.#call('imageDetails', [reference], () => this.engine.images.get(reference));
  }

  pullImage(
    reference: string,
    onProgress: (text: string) => void,
    signal: AbortSignal,
    credentials?: RegistryCredentials,
  ): Promise<ImageFacts> {
    return this.#call('pullImage', [reference], () => {
      const login = this.engine.logins.get(reference);
      const isAdmitted = login === undefined || isDeepStrictEqual(login, credentials);
      const image = isAdmitted ? this.engine.registry.get(reference) : undefined;
      if (signal.aborted) throw new RegistrarError('IMAGE_PULL_FAILED', 'Pull was cancelled');
      if (!image) throw new RegistrarError('IMAGE_NOT_FOUND', `No image "${reference}"`);
      onProgress(`Pulled ${reference}`);
      return factsOf(this.engine.addImage(reference, image));
    });
  }

  remoteDigest(
    reference: string,
    signal: AbortSignal,
    credentials?: RegistryCredentials,
  ): Promise<string> {
    return this.#call('remoteDigest', [reference], () => {
      const login = this.engine.logins.get(reference);
      const isAdmitted = login === undefined || isDeepStrictEqual(login, credentials);
      const image = isAdmitted ? this.engine.registry.get(reference) : undefined;
      if (signal.aborted) throw new RegistrarError('IMAGE_PULL_FAILED', 'Look was cancelled');
      if (!image) throw new RegistrarError('IMAGE_NOT_FOUND', `No image "${reference}"`);
      return image.digest ?? image.id;
    });
  }

  async buildImage(
    request: BuildRequest,
    onOutput: (line: string) => void,
    signal: AbortSignal,
  ): Promise<ImageDetails> {
    const labels = { ...request.labels, [INSTANCE_LABEL]: this.instanceId };
    const build = this.#call('buildImage', [request], () => {
      if (!/^[\w./-]+:[\w.-]+$/.test(request.tag)) throw new RegistrarError('INVALID', 'No tag');
      const findImage = (reference: string): ImageDetails | undefined =>
        this.engine.images.get(reference);
      const mine = { ...request, labels };
      return this.engine.builder({ request: mine, print: onOutput, signal, findImage });
    });
    return this.engine.addImage(request.tag, await build);
  }

  listImages(): Promise<OwnedImage[]> {
    return this.#call('listImages', [], () => this.#ownImages());
  }

  removeImage(id: string): Promise<boolean> {
    return this.#call('removeImage', [id], () => {
      const goes = this.#ownImages().some((image) => image.id === id && !image.isUsed);
      if (goes) this.engine.removeImage(id);
      return goes;
    });
  }

  listVolumes(): Promise<OwnedVolume[]> {
    return this.#call('listVolumes', [], () => this.#ownVolumes());
  }

  removeVolume(name: string): Promise<boolean> {
    return this.#call('removeVolume', [name], () => {
      const isFree = this.#ownVolumes().some((one) => one.name === name && !one.isUsed);
      if (isFree) this.engine.volumes.delete(name);
      return isFree;
    });
  }

  survey(request: SurveyRequest): Promise<Survey> {
    return this.#call('survey', [request], () => ({
      containers: [...this.engine.containers.values()].map(neighbourOf),
      refusals: askedOf(request).flatMap((asked) => this.engine.refusals.get(asked) ?? []),
      ...{ memoryBytes: this.engine.memoryBytes, isLocal: false },
    }));
  }

  room(): Promise<Room | undefined> {
    return this.#call('room', [], () => this.engine.room);
  }

  create(request: CreateRequest): Promise<string> {
    return this.#call('create', [request], () => {
      const name = containerName(request.owner);
      const holder = this.engine.named(name);
      if (holder !== undefined) return this.#adopt(holder, request.owner);
      if (!this.engine.images.has(request.imageId)) {
        throw new RegistrarError('IMAGE_NOT_FOUND', `No image "${request.imageId}"`);
      }
      const { id } = this.engine.add(name, request);
      this.#makeVolumes(request, id);
      return id;
    });
  }

  start(id: string): Promise<void> {
    return this.#call('start', [id], () => {
      const { state, lostFiles } = this.#own(id);
      if (lostFiles) throw new RegistrarError('START_FAILED', 'A folder that it mounts is gone');
      if (state === 'paused') this.engine.unpause(id);
      else if (SETTLED.includes(state)) this.engine.start(id);
    }).catch((error: unknown) => {
      if (isRegistrarError(error, 'START_FAILED', 'PORT_CONFLICT')) {
        this.engine.refuseStart(id, error.message);
      }
      throw error;
    });
  }

  stop(id: string, graceSeconds: number): Promise<void> {
    return this.#call('stop', [id, graceSeconds], () => {
      if (!SETTLED.includes(this.#own(id).state)) this.engine.crash(id, 143);
    });
  }

  remove(id: string): Promise<void> {
    return this.#call('remove', [id], () => {
      if (this.engine.containers.has(id)) this.engine.remove(this.#own(id).id);
    });
  }

  rename(id: string, name: string): Promise<void> {
    return this.#call('rename', [id, name], () => {
      const holder = this.engine.named(name);
      if (holder !== undefined && holder.id !== id) throw nameConflict(name);
      this.engine.rename(this.#own(id).id, name);
    });
  }

  unpause(id: string): Promise<void> {
    return this.#call('unpause', [id], () => {
      if (this.#own(id).state === 'paused') this.engine.unpause(id);
    });
  }

  join(id: string, module: string, isNamed: boolean): Promise<void> {
    return this.#call('join', [id, module, isNamed], () => {
      const container = this.#own(id);
      const others = container.memberships.filter(({ of }) => of !== module);
      container.memberships = [...others, { of: module, isNamed }].toSorted((a, b) =>
        a.of < b.of ? -1 : 1,
      );
    });
  }

  leave(id: string, module: string): Promise<void> {
    return this.#call('leave', [id, module], () => {
      const container = this.#own(id);
      container.memberships = container.memberships.filter(({ of }) => of !== module);
    });
  }

  connect(id: string): Promise<void> {
    return this.#call('connect', [id], () => this.engine.connect(this.#own(id).id));
  }

  updateLimits(id: string, limits: Limits): Promise<void> {
    return this.#call('updateLimits', [id, limits], () =>
      this.engine.updateLimits(this.#own(id).id, limits),
    );
  }

  logs(id: string, options: LogOptions): Promise<Readable> {
    return this.#call('logs', [id, options], () =>
      Readable.from(selectLines(this.#own(id).log, options)),
    );
  }

  fileTime(id: string, path: string): Promise<string | undefined> {
    return this.#call('fileTime', [id, path], () => this.#own(id).files.get(path));
  }

  stats(id: string): Promise<UsageSample | undefined> {
    return this.#call('stats', [id], () => {
      const { state, usage } = this.#own(id);
      return SETTLED.includes(state) ? undefined : { at: this.engine.now(), ...usage };
    });
  }

  exec(id: string, request: ExecRequest): Promise<ExecSession> {
    return this.#call('exec', [id, request], () => {
      const { state } = this.#own(id);
      if (state === 'running') return runInMemory(request, this.engine.programs);
      throw new RegistrarError('CONTAINER_NOT_RUNNING', `Container "${id}" is ${state}`);
    });
  }

  async runGate(request: GateRequest, signal: AbortSignal): Promise<GateEnd> {
    const run = this.#call('runGate', [request], () => {
      if (this.engine.images.has(request.imageId)) {
        return { ended: runGateInMemory(request, this.engine, signal) };
      }
      throw new RegistrarError('IMAGE_NOT_FOUND', `No image "${request.imageId}"`);
    });
    return (await run).ended;
  }

  removeLeftGates(): Promise<void> {
    return this.#call('removeLeftGates', [], () => undefined);
  }

  async *events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    this.calls.push({ method: 'events', args: [] });
    while (!signal.aborted) {
      await this.#present(signal);
      if (!signal.aborted) yield* this.#stream(signal);
    }
  }

  tidy(): Promise<void> {
    return this.#call('tidy', [], () => undefined);
  }

  /** How often a method was called. */
  count(method: Method): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  /** The next call of a method fails; several queue up. */
  failNext(method: Method, error: RegistrarError): void {
    this.#fault(method, { error, afterwards: false });
  }

  /** The next call of a method does its work, but the caller sees the error. */
  loseAnswer(method: Method, error: RegistrarError): void {
    this.#fault(method, { error, afterwards: true });
  }

  /** Every call about a container fails from now on; the list shows it still. */
  breakContainer(id: string, error: RegistrarError): void {
    this.#broken.set(id, error);
  }

  /** Calls of a method wait until the returned function is called. */
  hold(method: Method): () => void {
    let release = (): void => undefined;
    this.#held.set(method, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(method);
      release();
    };
  }

  /** The engine stops answering and cuts the event stream; containers run on. */
  goAway(): void {
    this.#away = true;
    for (const cut of this.#streams) cut();
  }

  comeBack(): void {
    this.#away = false;
    for (const wake of this.#returns) wake();
  }

  #fault(method: Method, fault: Fault): void {
    this.#faults.set(method, [...(this.#faults.get(method) ?? []), fault]);
  }

  async #call<T>(method: Method, args: readonly unknown[], work: () => T): Promise<T> {
    this.calls.push({ method, args });
    await (this.#held.get(method) ?? Promise.resolve());
    if (this.#away) throw new RegistrarError('ENGINE_UNAVAILABLE', 'Cannot reach the engine');
    const broken = this.#broken.get(String(args[0]));
    if (broken !== undefined) throw broken;
    const fault = this.#faults.get(method)?.shift();
    if (fault?.afterwards === false) throw fault.error;
    const result = work();
    if (fault !== undefined) throw fault.error;
    return result;
  }

  #ours(): MemoryContainer[] {
    const all = [...this.engine.containers.values()];
    return all.filter((container) => container.owner.instance === this.instanceId);
  }

  #makeVolumes({ owner: { instance, module }, template }: CreateRequest, id: string): void {
    for (const { name } of template.volumes.filter(isNamedVolume)) {
      const key = volumeName(instance, module, name);
      const made = this.engine.volumes.get(key) ?? { instance, module, containers: new Set() };
      made.containers.add(id);
      this.engine.volumes.set(key, made);
    }
  }

  #ownVolumes(): OwnedVolume[] {
    const ours = [...this.engine.volumes].filter(
      ([, { instance }]) => instance === this.instanceId,
    );
    return ours.map(([name, { module, containers }]) => ({
      ...{ name, module },
      isUsed: [...containers].some((id) => this.engine.containers.has(id)),
    }));
  }

  #ownImages(): OwnedImage[] {
    const all = [...this.engine.images].filter(([name, { id }]) => name === id);
    const ours = all
      .map(([, image]) => image)
      .filter(({ labels }) => labels[INSTANCE_LABEL] === this.instanceId);
    return ours.map(({ id, labels, bytes, createdAt }) => ({
      ...{ id, labels, bytes, createdAt, references: this.engine.tagsOf(id) },
      isUsed: [...this.engine.containers.values()].some(({ imageId }) => imageId === id),
    }));
  }

  #own(id: string): MemoryContainer {
    const container = this.#ours().find((one) => one.id === id);
    if (container === undefined) throw new RegistrarError('CONTAINER_GONE', `No container "${id}"`);
    return container;
  }

  #adopt(holder: MemoryContainer, owner: Owner): string {
    if (holder.owner.instance !== this.instanceId) throw nameConflict(holder.name);
    const { uid, revision, slot } = holder.owner;
    const same = uid === owner.uid && revision === owner.revision && slot === owner.slot;
    if (same && holder.state !== 'removing') return holder.id;
    throw new RegistrarError('CONTAINER_BUSY', `Container "${holder.name}" is not gone yet`);
  }

  async #present(signal: AbortSignal): Promise<void> {
    if (!this.#away || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#returns.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#returns.clear();
  }

  async *#stream(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    const events: RuntimeEvent[] = [{ kind: 'gap' }];
    let ended = false;
    let wake = (): void => undefined;
    const cut = (): void => {
      ended = true;
      wake();
    };
    const unlisten = this.engine.listen((event, instance) => {
      if (instance === this.instanceId) events.push(event);
      wake();
    });
    this.#streams.add(cut);
    signal.addEventListener('abort', cut, { once: true });
    try {
      while (!ended) {
        yield* events.splice(0);
        if (!ended && events.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      unlisten();
      this.#streams.delete(cut);
    }
  }
}

const factsOf = ({ id, digest, user }: ImageDetails): ImageFacts => ({ id, digest, user });

/** As on the real engine, only a running container has a health. */
function summaryOf(container: MemoryContainer): ContainerSummary {
  const { id, name, owner, imageId, state, createdAt, address } = container;
  const health = state === 'running' ? container.health : 'none';
  return { id, name, owner, imageId, state, health, createdAt, address };
}

/** What else may be refused to a container. */
function askedOf({ template, imageId }: SurveyRequest): string[] {
  const mounts = template.volumes.map(({ name, hostPath }) => hostPath ?? name);
  return [...mounts, ...(imageId === undefined ? [] : template.resources.gpus)];
}

function neighbourOf({ id, name, owner, state, ports, gpus }: MemoryContainer): Neighbour {
  const isForeign = owner.instance === '';
  const taken = state === 'running' || state === 'paused' ? ports : [];
  return { id, name, owner: isForeign ? undefined : owner, ports: taken, gpus };
}

function observedOf(container: MemoryContainer): ObservedContainer {
  const { limits, exitCode, oomKilled, error, startedAt, finishedAt, restartCount } = container;
  const lastRun = { exitCode, oomKilled, error, startedAt, finishedAt, restartCount };
  const { createdFrom, gpus, memberships, lostFiles } = container;
  const given = { ...(gpus.length > 0 && { gpus }), ...(lostFiles && { lostFiles }) };
  return {
    ...{ ...summaryOf(container), ...lastRun, limits: { ...limits }, createdFrom, memberships },
    ...given,
  };
}

function nameConflict(name: string): RegistrarError {
  return new RegistrarError('NAME_CONFLICT', `Name "${name}" is taken`);
}
