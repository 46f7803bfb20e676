import { randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { PRIVATE_FILE, PRIVATE_FOLDER, syncFolder } from '../lib/durable-file.js';
import { isRegistrarError, RegistrarError } from '../model/errors.js';
import { cleanText } from './clean-text.js';
import { HashCheck, HashMeter } from './hashed-stream.js';
import type { Package, Packages, PrunedPackage, PrunePackages } from './package.js';
import { surplusOf } from './prune.js';

/** What zlib itself takes for the best trade of time for bytes. */
const LEVEL = 6;
const [ENDING, DRAFT] = ['.tar.gz', '.tmp'];

export interface PackageStoreOptions {
  readonly folder: string;
}

interface Kept extends Package {
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/** Packages as files that are called by their hash. Compression runs on threads of its own. */
export class PackageStore implements Packages {
  readonly #folder: string;
  #tidied: Promise<void> | undefined;

  constructor({ folder }: PackageStoreOptions) {
    this.#folder = folder;
  }

  async keep(archive: string, signal: AbortSignal): Promise<Package> {
    return this.#working('keep a package', async () => {
      await this.#ready();
      const draft = join(this.#folder, randomBytes(8).toString('hex') + DRAFT);
      try {
        const made = await compress(archive, draft, signal);
        await rename(draft, this.#path(made.hash));
        await syncFolder(this.#folder);
        return made;
      } finally {
        await rm(draft, { force: true });
      }
    });
  }

  async open({ hash, bytes }: Package): Promise<Readable | undefined> {
    const path = this.#path(hash);
    // Nothing but our own files is ever read, whoever put something else there.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
    if (file === undefined) return undefined;
    const found = await file.stat();
    if (!found.isFile() || found.size !== bytes) {
      await file.close();
      return undefined;
    }
    // Only for the order in which packages are removed: a full disk must not keep one from being read.
    await touch(path).catch(() => undefined);
    const check = new HashCheck(hash, () => rm(path, { force: true }));
    const reader = file.createReadStream();
    pipeline(reader, check).catch(() => undefined);
    return check;
  }

  async prune(request: PrunePackages): Promise<PrunedPackage[]> {
    return this.#working('remove packages', async () => {
      const surplus = surplusIn(await this.#kept(), request);
      if (request.dryRun !== true) {
        for (const { hash } of surplus) await rm(this.#path(hash), { force: true });
      }
      const isListed = (hash: string): boolean => request.listed.has(hash);
      return surplus.map(({ hash, bytes }) => ({ hash, bytes, isListed: isListed(hash) }));
    });
  }

  async #kept(): Promise<Kept[]> {
    await this.#ready();
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING));
    const found = names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(this.#folder, name));
      return { hash: hashIn(name), bytes: size, usedAt: mtimeMs };
    });
    return Promise.all(found);
  }

  /** Makes the folder, also when somebody removed it meanwhile. */
  async #ready(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: PRIVATE_FOLDER });
    await (this.#tidied ??= this.#tidy());
  }

  /** Removes what a killed daemon left half-written. */
  async #tidy(): Promise<void> {
    const drafts = (await readdir(this.#folder)).filter((name) => name.endsWith(DRAFT));
    await Promise.all(drafts.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  async #working<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (cause) {
      if (isRegistrarError(cause)) throw cause;
      const why = cleanText(cause instanceof Error ? cause.message : String(cause));
      const message = `Cannot ${doing}: ${why}; check the data directory and its disk`;
      throw new RegistrarError('PACKAGE_UNAVAILABLE', message, { cause });
    }
  }

  #path(hash: string): string {
    return join(this.#folder, hash.replace(/^sha256:/, '') + ENDING);
  }
}

function surplusIn(
  kept: readonly Kept[],
  { listed, unusedSince, maxBytes }: PrunePackages,
): Kept[] {
  const isStale = ({ hash, usedAt }: Kept): boolean => !listed.has(hash) && usedAt < unusedSince;
  const others = kept.filter((one) => !isStale(one)).map((one) => ({ ...one, isKept: false }));
  return [...kept.filter(isStale), ...surplusOf(others, maxBytes)];
}

const hashIn = (name: string): string => `sha256:${name.slice(0, -ENDING.length)}`;

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now);
}

/** Neither a time nor a name is in it, so that the same archive gives the same bytes. */
async function compress(archive: string, path: string, signal: AbortSignal): Promise<Package> {
  const meter = new HashMeter();
  // Made before anything can give up: a stream that is destroyed while it opens makes its file later.
  const file = await open(path, 'wx', PRIVATE_FILE);
  await pipeline(
    ...[createReadStream(archive), createGzip({ level: LEVEL }), meter],
    file.createWriteStream({ flush: true }),
    { signal },
  );
  return { hash: meter.hash, bytes: meter.bytes };
}
