import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { PRIVATE_FILE, PRIVATE_FOLDER, replaceFile } from '../lib/durable-file.js';
import { isCommitOf } from './commit-object.js';
import type { FetchedSource } from './source.js';

/** What is known of an archive beside it. */
interface StoredFacts {
  readonly source: Omit<FetchedSource, 'archive'>;
  /** The commit itself, in base64: its signature can be checked without the repository. */
  readonly object: string;
}

/**
 * Archives of commits. They are kept apart by repository, so that what came from one is never taken
 * for what another has, whatever commit somebody asks it for.
 */
export class TreeCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** An archive that is whole and unchanged; undefined when there is none. */
  async find(repository: string, commit: string): Promise<FetchedSource | undefined> {
    const facts = await this.#facts(repository, commit);
    const archive = this.#path(repository, commit, 'tar');
    if (facts === undefined || (await hashOf(archive)) !== facts.source.sourceHash)
      return undefined;
    const now = new Date();
    await utimes(archive, now, now);
    return { ...facts.source, archive };
  }

  /** The commit object of an archive. */
  async findCommit(repository: string, commit: string): Promise<Buffer | undefined> {
    const facts = await this.#facts(repository, commit);
    return facts === undefined ? undefined : Buffer.from(facts.object, 'base64');
  }

  /**
   * Keeps an archive that `write` makes at the path it is given. It is found from when its facts are
   * on the disk, and not before.
   */
  async keep(
    repository: string,
    commit: string,
    write: (path: string) => Promise<{ source: StoredFacts['source']; object: Buffer }>,
  ): Promise<FetchedSource> {
    const archive = this.#path(repository, commit, 'tar');
    const draft = `${archive}.${randomBytes(6).toString('hex')}.tmp`;
    await mkdir(dirname(archive), { recursive: true, mode: PRIVATE_FOLDER });
    try {
      const { source, object } = await write(draft);
      await rename(draft, archive);
      const facts: StoredFacts = { source, object: object.toString('base64') };
      // Syncs the folder too, and with it both new names.
      await replaceFile(
        this.#path(repository, commit, 'json'),
        JSON.stringify(facts),
        PRIVATE_FILE,
      );
      return { ...source, archive };
    } finally {
      await rm(draft, { force: true });
    }
  }

  async #facts(repository: string, commit: string): Promise<StoredFacts | undefined> {
    try {
      const text = await readFile(this.#path(repository, commit, 'json'), 'utf8');
      const facts = JSON.parse(text) as StoredFacts;
      const isWhole = isCommitOf(Buffer.from(facts.object, 'base64'), commit);
      return isWhole && facts.source.commit === commit ? facts : undefined;
    } catch {
      return undefined;
    }
  }

  #path(repository: string, commit: string, ending: 'tar' | 'json'): string {
    return join(this.#folder, repository, `${commit}.${ending}`);
  }
}

async function hashOf(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return `sha256:${hash.digest('hex')}`;
  } catch {
    return undefined;
  }
}
