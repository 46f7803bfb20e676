import { createHash, randomBytes } from 'node:crypto';

/** Reserved for names that never exist. */
const TOP_LEVEL = 'registrar.invalid';

/**
 * What the containers of a build are known by. The classic builder lets nobody name or label them,
 * but takes host names for their /etc/hosts, which stay with the container and do not get into the
 * image or its cache key.
 */
export class BuildMarks {
  readonly #suffix: string;
  readonly #inUse = new Set<string>();

  /** The id of the instance is not shown to what runs in a build: it stands in labels. */
  constructor(instanceId: string) {
    const hash = createHash('sha256').update(instanceId).digest('hex').slice(0, 32);
    this.#suffix = `.${hash}.${TOP_LEVEL}`;
  }

  /** A host name that no other build has. */
  begin(): string {
    const mark = randomBytes(16).toString('hex') + this.#suffix;
    this.#inUse.add(mark);
    return mark;
  }

  end(mark: string): void {
    this.#inUse.delete(mark);
  }

  /** True for the mark of a build of this instance that nobody waits for any more. */
  isLeft(mark: string): boolean {
    return mark.endsWith(this.#suffix) && !this.#inUse.has(mark);
  }
}

/** The entry for a container's /etc/hosts. */
export const extraHost = (mark: string): string => `${mark}:127.0.0.1`;

/** Host name of such an entry. */
export const hostOf = (entry: string): string => entry.split(':')[0] ?? '';
