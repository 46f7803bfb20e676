import type { Runtime } from '../docker/runtime.js';
import type { Clock } from '../lib/clock.js';
import type { ObservedContainer } from '../model/container.js';
import { lostGpus } from '../plan/gpu-presence.js';
import type { GpuAnswer } from '../plan/gpu-presence.js';
import { askForGpus } from './gpu-question.js';

/** Seldom enough to cost nothing, often enough that a lost minute is the price of a lost GPU. */
const INTERVAL_MS = 60_000;
/** A second look has to agree before a container is replaced. */
const AGAIN_MS = 5_000;
/** A host that takes GPUs away again and again must not make a loop of replacements. */
const QUIET_MS = 600_000;

interface Watch {
  /** Of what is watched: another one is watched anew. */
  readonly startedAt: string | undefined;
  lost: readonly string[];
  stop: () => void;
}

/** Asks in a container; rejects when it does not run. Injected by tests. */
export type AskForGpus = (id: string) => Promise<GpuAnswer | undefined>;

/** Looks whether containers still have the GPUs that they were given; a pass makes up for a lost one. */
export class GpuWatch {
  readonly #clock: Clock;
  readonly #changed: (module: string) => void;
  readonly #ask: AskForGpus;
  readonly #watches = new Map<string, Watch>();
  /** When a loss was told last, by module and slot. */
  readonly #told = new Map<string, number>();

  constructor(
    runtime: Pick<Runtime, 'exec'>,
    clock: Clock,
    changed: (module: string) => void,
    ask: AskForGpus = (id) => askForGpus(id, runtime, clock),
  ) {
    this.#clock = clock;
    this.#changed = changed;
    this.#ask = ask;
  }

  /** The container with what it lost. Begins to watch a running one that has GPUs. */
  observe(container: ObservedContainer): ObservedContainer {
    const { id, state, startedAt, gpus = [] } = container;
    if (gpus.length === 0 || state !== 'running') return container;
    const known = this.#watches.get(id);
    if (known !== undefined && known.startedAt === startedAt) {
      return known.lost.length === 0 ? container : { ...container, lostGpus: known.lost };
    }
    known?.stop();
    const watch: Watch = { startedAt, lost: [], stop: () => undefined };
    this.#watches.set(id, watch);
    this.#lookAfter(INTERVAL_MS, container, watch, false);
    return container;
  }

  close(): void {
    for (const { stop } of this.#watches.values()) stop();
    this.#watches.clear();
  }

  #lookAfter(delayMs: number, container: ObservedContainer, watch: Watch, isSecond: boolean): void {
    watch.stop = this.#clock.after(delayMs, () => {
      this.#look(container, watch, isSecond).catch(() => {
        // It does not run any more; when it does again it is watched anew.
        if (this.#watches.get(container.id) === watch) this.#watches.delete(container.id);
      });
    });
  }

  async #look(container: ObservedContainer, watch: Watch, isSecond: boolean): Promise<void> {
    const answer = await this.#ask(container.id);
    if (this.#watches.get(container.id) !== watch) return;
    const lost = answer === undefined ? [] : lostGpus(answer, container.gpus ?? []);
    const isDoubtful = lost.length > 0 && !isSecond;
    const isLost = lost.length > 0 && isSecond && this.#mayTell(container);
    watch.lost = isLost ? lost : watch.lost.filter((gpu) => lost.includes(gpu));
    if (isLost) this.#changed(container.owner.module);
    this.#lookAfter(isDoubtful ? AGAIN_MS : INTERVAL_MS, container, watch, isDoubtful);
  }

  #mayTell({ owner }: ObservedContainer): boolean {
    const now = this.#clock.monotonic();
    for (const [slot, at] of this.#told) if (now - at >= QUIET_MS) this.#told.delete(slot);
    const slot = `${owner.module}/${owner.slot}`;
    if (this.#told.has(slot)) return false;
    this.#told.set(slot, now);
    return true;
  }
}
