import type { Clock } from '../../lib/clock.js';
import { every } from '../../lib/every.js';
import type { Log } from '../../lib/log.js';
import type { Registry } from '../../registry/registry.js';
import { WorkQueue } from '../queue.js';
import { isRace, setPass } from './set-pass.js';
import type { SetContext } from './set-pass.js';

export interface SetControllerOptions extends SetContext {
  readonly registry: Registry;
  readonly clock: Clock;
  readonly log: Log;
}

/** All sets are looked at this often, whatever woke them. */
const RESYNC_MS = 30_000;

/** Statuses of many modules change at once: one look at their set for all of them. */
const GATHER_MS = 50;

/** Keeps the modules of sets as these want them: one pass at a time. */
export class SetController {
  readonly #options: SetControllerOptions;
  readonly #queue: WorkQueue;
  #worker: Promise<void> = Promise.resolve();
  #endResync = (): Promise<void> => Promise.resolve();

  constructor(options: SetControllerOptions) {
    this.#options = options;
    this.#queue = new WorkQueue(options.clock);
  }

  /** Makes sets due soon. */
  enqueue(sets: Iterable<string>): void {
    for (const set of sets) this.#queue.addAfter(set, GATHER_MS);
  }

  start(): void {
    const { registry, clock } = this.#options;
    const all = (): void =>
      this.enqueue(registry.list('ModuleSet').items.map(({ object }) => object.metadata.name));
    all();
    this.#endResync = every(RESYNC_MS, clock, all);
    this.#worker = this.#work();
  }

  /** Takes no more work and waits for the pass under way. */
  async stop(): Promise<void> {
    this.#queue.close();
    await Promise.all([this.#endResync(), this.#worker]);
  }

  async #work(): Promise<void> {
    for (;;) {
      const set = await this.#queue.take();
      if (set === undefined) return;
      await this.#pass(set);
      this.#queue.done(set);
    }
  }

  /** One pass; whatever goes wrong in it stays with this set. */
  async #pass(set: string): Promise<void> {
    try {
      const lookAgainMs = await setPass(set, this.#options);
      this.#queue.forget(set);
      if (lookAgainMs !== undefined) this.#queue.addAfter(set, lookAgainMs);
    } catch (error) {
      if (!isRace(error))
        this.#options.log.error({ set, err: error }, 'Set could not be looked at');
      this.#queue.addRateLimited(set);
    }
  }
}
