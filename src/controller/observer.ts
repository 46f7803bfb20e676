import type { Log } from '../lib/log.js';
import type { Runtime, RuntimeEvent } from '../docker/runtime.js';
import type { ContainerSummary, ObservedContainer } from '../model/container.js';
import { isRegistrarError, RegistrarError, toRegistrarError } from '../model/errors.js';
import type { EngineIdentity } from './engine-identity.js';

/** Whether the engine can be seen; `unseen` until the first list of a connection succeeded. */
export type EngineState =
  | { readonly kind: 'unseen' }
  | { readonly kind: 'seen' }
  | { readonly kind: 'away'; readonly error: RegistrarError };

/** Who is told of what changes for all. */
export interface Told {
  /** The engine went away, came into sight, or is away for another reason. */
  engineChanged(): void;
  /** Something that befell containers may have gone by unseen until now. */
  missed(): void;
}

export interface ObserverParts {
  readonly runtime: Runtime;
  readonly log: Log;
  readonly told: Told;
  /** Asked when it may be another engine that answers. */
  readonly identity: Pick<EngineIdentity, 'check'>;
}

interface Entry {
  readonly container: ObservedContainer;
  /** Value of the look counter when this was read. */
  readonly look: number;
  /** The engine lists the container but could not show it. */
  readonly isUnsure?: boolean;
}

/** What is taken for the rest of a container that only the list tells of. */
const UNTOLD = {
  ...{ limits: {}, exitCode: 0, oomKilled: false, error: '', restartCount: 0 },
  ...{ startedAt: undefined, finishedAt: undefined, createdFrom: undefined },
};

/**
 * What is known of the instance's containers.
 *
 * One list call a refresh; a container is inspected only when the list shows it changed, when an
 * event names it, or after Registrar touched it. Limits changed by hand do not show in a list, so
 * after a gap in the event stream everything is inspected again.
 */
export class Observer {
  readonly #runtime: Runtime;
  readonly #log: Log;
  readonly #told: Told;
  readonly #identity: Pick<EngineIdentity, 'check'>;
  #entries = new Map<string, Entry>();
  #looks = 0;
  #engine: EngineState = { kind: 'unseen' };

  constructor({ runtime, log, told, identity }: ObserverParts) {
    this.#runtime = runtime;
    this.#log = log;
    this.#told = told;
    this.#identity = identity;
  }

  get engine(): EngineState {
    return this.#engine;
  }

  /** Notes that until now something may have gone by unseen. */
  missed(): void {
    this.#told.missed();
  }

  /** Containers of a module, as last seen. */
  containersOf(module: string): ObservedContainer[] {
    return this.#all().filter((container) => container.owner.module === module);
  }

  /** Names of all modules that containers say they belong to. */
  modules(): Set<string> {
    return new Set(this.#all().map((container) => container.owner.module));
  }

  /**
   * Lists everything. Resolves to the modules of which a container changed. `inspectAll` distrusts
   * what is known.
   */
  async refresh(inspectAll = false): Promise<Set<string>> {
    const look = ++this.#looks;
    try {
      const summaries = await this.#runtime.list();
      const isDoubtful = inspectAll || this.#engine.kind !== 'seen';
      if (isDoubtful) await this.#identity.check(summaries.length > 0);
      const changed = await this.#take(summaries, look, inspectAll);
      this.#become({ kind: 'seen' });
      return changed;
    } catch (error) {
      this.engineFailed(error);
      return new Set();
    }
  }

  /**
   * Looks at one container again. Resolves to its module when it changed. ENGINE_UNAVAILABLE when the
   * engine that took it down takes no new connections: then it is the engine that ends.
   */
  async touch(id: string): Promise<string | undefined> {
    const look = ++this.#looks;
    const before = this.#entries.get(id)?.container;
    const container = await this.#runtime.inspect(id);
    if (before !== undefined && hasEnded(before, container)) await this.#requireEngine();
    if ((this.#entries.get(id)?.look ?? 0) > look) return undefined;
    if (container === undefined) this.#entries.delete(id);
    else this.#entries.set(id, { container, look });
    const same = JSON.stringify(before) === JSON.stringify(container);
    return same ? undefined : (container ?? before)?.owner.module;
  }

  /**
   * Notes that a call about one container failed. Unless the connection was lost, that may be the
   * fault of the container alone: whether the engine answers decides.
   */
  async callFailed(error: unknown): Promise<void> {
    if (isRegistrarError(error, 'ENGINE_UNAVAILABLE')) this.engineFailed(error);
    else await this.ping();
  }

  /** Drops a container that Registrar removed. */
  forget(id: string): void {
    this.#entries.delete(id);
  }

  /** Notes that the engine could not be asked. */
  engineFailed(error: unknown): void {
    this.#become({ kind: 'away', error: toRegistrarError(error) });
  }

  /** Cheap proof that the engine still answers. */
  async ping(): Promise<void> {
    try {
      await this.#runtime.info();
    } catch (error) {
      this.engineFailed(error);
    }
  }

  events(signal: AbortSignal): AsyncIterable<RuntimeEvent> {
    return this.#runtime.events(signal);
  }

  async #requireEngine(): Promise<void> {
    try {
      await this.#runtime.info();
    } catch (error) {
      const { message } = toRegistrarError(error);
      throw new RegistrarError('ENGINE_UNAVAILABLE', message, { cause: error });
    }
  }

  #all(): ObservedContainer[] {
    return [...this.#entries.values()].map((entry) => entry.container);
  }

  #become(next: EngineState): void {
    const before = this.#engine;
    this.#engine = next;
    if (isSame(before, next)) return;
    if (next.kind === 'away') this.#log.warn({ reason: next.error.message }, 'Engine is away');
    if (next.kind === 'seen') this.#log.info('Engine is seen');
    this.#told.engineChanged();
  }

  async #take(
    summaries: readonly ContainerSummary[],
    look: number,
    inspectAll: boolean,
  ): Promise<Set<string>> {
    const listed = new Set(summaries.map((summary) => summary.id));
    const gone = [...this.#entries.values()].filter(
      (entry) => entry.look < look && !listed.has(entry.container.id),
    );
    for (const { container } of gone) this.#entries.delete(container.id);
    const stale = summaries.filter((one) => inspectAll || this.#differs(one, look));
    const touched = await Promise.all(stale.map((summary) => this.#see(summary, look)));
    const changed = gone.map((entry) => entry.container.owner.module);
    return new Set([...changed, ...touched.filter((module) => module !== undefined)]);
  }

  /** Inspects a container of a list. One that cannot be inspected is what the list says of it. */
  async #see(summary: ContainerSummary, look: number): Promise<string | undefined> {
    try {
      return await this.touch(summary.id);
    } catch (error) {
      if (isRegistrarError(error, 'ENGINE_UNAVAILABLE')) throw error;
      this.#log.warn({ container: summary.name, err: error }, 'Cannot inspect a container');
      const before = this.#entries.get(summary.id);
      if (before !== undefined && before.look > look) return undefined;
      const container = { ...UNTOLD, ...before?.container, ...summary };
      this.#entries.set(summary.id, { container, look, isUnsure: true });
      return summary.owner.module;
    }
  }

  #differs(summary: ContainerSummary, look: number): boolean {
    const entry = this.#entries.get(summary.id);
    if (entry === undefined || entry.isUnsure === true) return true;
    if (entry.look > look) return false;
    const { name, state, health, imageId, address } = entry.container;
    const known = { name, state, health, imageId, address };
    return Object.entries(known).some(
      ([key, value]) => summary[key as keyof typeof known] !== value,
    );
  }
}

/** It may be away for another reason than before, which is news: another engine came, say. */
const isSame = (before: EngineState, next: EngineState): boolean =>
  before.kind === 'away' && next.kind === 'away'
    ? before.error.message === next.error.message
    : before.kind === next.kind;

const hasEnded = (before: ObservedContainer, now: ObservedContainer | undefined): boolean =>
  before.state === 'running' && now?.state !== 'running';
