import type { Runtime } from '../docker/runtime.js';
import type { ImageFacts } from '../model/container.js';
import { toRegistrarError } from '../model/errors.js';
import type { RegistrarError } from '../model/errors.js';

export type Pull =
  | { readonly state: 'pulling'; readonly progress: string }
  | { readonly state: 'done'; readonly image: ImageFacts }
  | { readonly state: 'failed'; readonly error: RegistrarError };

interface Task {
  readonly reference: string;
  readonly abort: AbortController;
  pull: Pull;
}

/** Pulls at once; more wait their turn so that a slow registry does not fill the disk or the line. */
const AT_ONCE = 3;

/**
 * Image pulls, one a module, apart from the reconcile loop so that a stuck pull delays nobody else.
 * `finished` is called with the module when its pull ended.
 */
export class Pulls {
  readonly #runtime: Pick<Runtime, 'pullImage'>;
  readonly #finished: (module: string) => void;
  readonly #tasks = new Map<string, Task>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(runtime: Pick<Runtime, 'pullImage'>, finished: (module: string) => void) {
    this.#runtime = runtime;
    this.#finished = finished;
  }

  /** The module's pull of that image: begun now if there is none. An ended one is told once. */
  pull(module: string, reference: string): Pull {
    const task = this.#tasks.get(module);
    if (task?.reference !== reference) {
      this.cancel(module);
      return this.#begin(module, reference).pull;
    }
    if (task.pull.state !== 'pulling') this.#tasks.delete(module);
    return task.pull;
  }

  /** Ends the module's pull, if it has one: it was deleted or wants another image. */
  cancel(module: string): void {
    this.#tasks.get(module)?.abort.abort();
    this.#tasks.delete(module);
  }

  close(): void {
    for (const module of [...this.#tasks.keys()]) this.cancel(module);
  }

  #begin(module: string, reference: string): Task {
    const pull: Pull = { state: 'pulling', progress: 'waiting' };
    const task: Task = { reference, abort: new AbortController(), pull };
    this.#tasks.set(module, task);
    void this.#run(task).then((end) => {
      task.pull = end;
      if (this.#tasks.get(module) === task) this.#finished(module);
    });
    return task;
  }

  async #run(task: Task): Promise<Pull> {
    await this.#turn();
    try {
      task.abort.signal.throwIfAborted();
      const progress = (text: string): void =>
        void (task.pull = { state: 'pulling', progress: text });
      const image = await this.#runtime.pullImage(task.reference, progress, task.abort.signal);
      return { state: 'done', image };
    } catch (error) {
      return { state: 'failed', error: toRegistrarError(error) };
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
  }
}
