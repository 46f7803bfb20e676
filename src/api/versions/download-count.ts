import { isRegistrarError } from '../../model/errors.js';
import type { ApiDeps } from '../deps.js';

/** Downloads within this time share a write, so that many of them neither cost nor flood watches. */
const WINDOW_MS = 1_000;

/**
 * Counts downloads of versions. What a crash of the daemon loses is the last second of a count, and
 * what the disk refuses is written with the next one.
 */
export class DownloadCount {
  readonly #pending = new Map<string, number>();
  #cancel: (() => void) | undefined;

  constructor(private readonly deps: Pick<ApiDeps, 'registry' | 'clock' | 'log'>) {}

  /** Notes a download of the version with that object name. */
  add(name: string, times = 1): void {
    this.#pending.set(name, (this.#pending.get(name) ?? 0) + times);
    this.#cancel ??= this.deps.clock.after(WINDOW_MS, () => void this.flush());
  }

  /** Writes what was counted. Never rejects. */
  async flush(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
    const counted = [...this.#pending];
    this.#pending.clear();
    await Promise.all(counted.map(([name, times]) => this.#write(name, times)));
  }

  async #write(name: string, times: number): Promise<void> {
    try {
      await this.deps.registry.update(
        'ModuleVersion',
        name,
        ({ status, ...rest }) => ({
          ...rest,
          status: { ...status, downloads: status.downloads + times },
        }),
        { subresource: 'status', audit: undefined },
      );
    } catch (error) {
      // Forgotten meanwhile, or the store closes: there is nothing left to count in.
      if (isRegistrarError(error, 'NOT_FOUND', 'SHUTTING_DOWN')) return;
      this.deps.log.debug({ version: name, err: error }, 'Downloads are not counted yet');
      this.add(name, times);
    }
  }
}
