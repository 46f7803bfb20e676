import type { Stored } from '../../registry/registry.js';
import type { WatchEvent } from './watch-events.js';
import type { WatchForm } from './watch-form.js';

const lineOf = (type: string, objectJson: string): string =>
  `{"type":"${type}","object":${objectJson}}\n`;

/** The line of a bookmark; `endsInitialEvents` when all that there was has been sent. */
export function bookmarkLine(
  form: WatchForm,
  resourceVersion: string,
  endsInitialEvents: boolean,
): string {
  const annotations = { annotations: { 'k8s.io/initial-events-end': 'true' } };
  return lineOf('BOOKMARK', form.bookmark(resourceVersion, endsInitialEvents ? annotations : {}));
}

/**
 * Lines of events, made once for all watches that are told of the same change in the same form:
 * they are told one after the other, so the lines of the latest object are all that is kept.
 */
export class WatchLines {
  #stored: Stored | undefined;
  readonly #lines = new Map<string, string>();

  /** `isFirst` for the first event of a watch. */
  line({ type, stored }: WatchEvent, form: WatchForm, isFirst: boolean): string {
    if (stored !== this.#stored) {
      this.#stored = stored;
      this.#lines.clear();
    }
    const key = `${type} ${isFirst} ${form.key}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line = lineOf(type, form.object(stored, isFirst));
    this.#lines.set(key, line);
    return line;
  }
}
