import type { KindName } from '../kinds/registered.js';
import type { Change } from './registry.js';

interface Watcher {
  readonly kind: KindName;
  readonly sink: (change: Change) => void;
}

/** Those who are told of changes as they are stored. */
export class Watchers {
  private readonly watchers = new Set<Watcher>();

  /** Returns the function that ends the watch. */
  add(kind: KindName, sink: (change: Change) => void): () => void {
    const watcher = { kind, sink };
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  /** Tells all watchers of changes that are in the log already, in order. */
  notify(changes: readonly Change[]): void {
    // A sink may begin a watch, which has these changes from the log: it must not get them again.
    const present = [...this.watchers];
    for (const change of changes) {
      for (const watcher of present) {
        if (watcher.kind === change.kind && this.watchers.has(watcher)) this.tell(watcher, change);
      }
    }
  }

  clear(): void {
    this.watchers.clear();
  }

  // A sink that throws is a bug: it surfaces as an uncaught error, but neither the writer nor the
  // other watchers may suffer from it.
  private tell(watcher: Watcher, change: Change): void {
    try {
      watcher.sink(change);
    } catch (error) {
      this.watchers.delete(watcher);
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
