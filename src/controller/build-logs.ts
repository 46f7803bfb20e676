import { closeSync, createReadStream, fstatSync, mkdirSync } from 'node:fs';
import { openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { RegistrarError } from '../model/errors.js';

/**
 * What a build writes while it goes on. The engine adapter bounds how much that is. Never throws:
 * what cannot be written, or comes after the log of another build was begun, is left out.
 */
export interface BuildLog {
  write(line: string): void;
  end(): void;
}

/** Only for us: a build may print what it should not. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

interface Open {
  /** Undefined once it is closed: its number may be that of any file of the daemon by then. */
  descriptor: number | undefined;
  readonly followers: Set<PassThrough>;
}

/** What the last build of each module printed, in a file each. */
export class BuildLogs {
  readonly #open = new Map<string, Open>();

  constructor(private readonly folder: string) {}

  /** Begins the log of a build, in place of that of the build before. */
  begin(module: string): BuildLog {
    this.#end(module);
    const open: Open = { descriptor: this.#newFile(module), followers: new Set<PassThrough>() };
    this.#open.set(module, open);
    return {
      write: (line) => writeLine(open, line),
      end: () => {
        if (this.#open.get(module) === open) this.#end(module);
      },
    };
  }

  /**
   * The log of the last build; with `follow` also what is still to come of it. NOT_FOUND when there
   * is none.
   */
  read(module: string, follow: boolean): Readable {
    const open = this.#open.get(module);
    // Opened now: by the time that it is read, the log of another build may have its name.
    const descriptor = this.#openToRead(module);
    const { size } = fstatSync(descriptor);
    const file = createReadStream('', { fd: descriptor, end: Math.max(0, size - 1) });
    const live = follow && open !== undefined ? followed(open) : undefined;
    const log = Readable.from(linesOf(size > 0 ? file : undefined, live), { objectMode: false });
    // Whoever leaves may never have begun to read.
    return log.once('close', () => {
      file.destroy();
      live?.destroy();
    });
  }

  forget(module: string): void {
    this.#end(module);
    rmSync(this.#path(module), { force: true });
  }

  close(): void {
    for (const module of [...this.#open.keys()]) this.#end(module);
  }

  /** Undefined on a full disk, which is no reason to build nothing. */
  #newFile(module: string): number | undefined {
    try {
      mkdirSync(this.folder, { recursive: true, mode: FOLDER_MODE });
      // Removed first: who reads the log of the build before reads on in it.
      rmSync(this.#path(module), { force: true });
      return openSync(this.#path(module), 'wx', FILE_MODE);
    } catch {
      return undefined;
    }
  }

  #openToRead(module: string): number {
    try {
      return openSync(this.#path(module), 'r');
    } catch (error) {
      const message = `Module "${module}" has no build log: it was not built here`;
      throw new RegistrarError('NOT_FOUND', message, {
        kind: 'Module',
        name: module,
        cause: error,
      });
    }
  }

  #end(module: string): void {
    const open = this.#open.get(module);
    if (open === undefined) return;
    this.#open.delete(module);
    close(open);
    for (const follower of open.followers) follower.end();
  }

  #path(module: string): string {
    return join(this.folder, `${module}.log`);
  }
}

function close(open: Open): void {
  if (open.descriptor !== undefined) closeSync(open.descriptor);
  open.descriptor = undefined;
}

function writeLine(open: Open, line: string): void {
  if (open.descriptor === undefined) return;
  try {
    writeSync(open.descriptor, `${line}\n`);
  } catch {
    // A full disk is no reason to give up a build.
  }
  for (const follower of open.followers) follower.write(`${line}\n`);
}

/** All lines from now on. */
function followed({ followers }: Open): PassThrough {
  const follower = new PassThrough();
  followers.add(follower);
  follower.once('close', () => followers.delete(follower));
  return follower;
}

/** What is in the file, and then what is live. */
async function* linesOf(
  file: Readable | undefined,
  live: Readable | undefined,
): AsyncGenerator<Buffer> {
  if (file !== undefined) yield* file as AsyncIterable<Buffer>;
  if (live !== undefined) yield* live as AsyncIterable<Buffer>;
}
