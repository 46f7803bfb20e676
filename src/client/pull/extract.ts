import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { RegistrarError } from '../../model/errors.js';

/** Above what the daemon takes for a source: a package that has more is none of it. */
const LIMITS = { bytes: 1024 ** 3, entries: 100_000 };
const MAX_DEPTH = 64;
const ORDINARY = ['File', 'OldFile', 'Directory'];
/** Neither set-uid nor set-gid, and nobody else may write. */
const MODE = 0o755;

/**
 * Extracts a package into a folder that is new or empty, and appears when it is whole. Only files
 * and folders come out, and only below it; returns how many other entries, such as links, did not.
 */
export async function extractPackage(
  path: string,
  folder: string,
  signal: AbortSignal,
  limits = LIMITS,
): Promise<number> {
  await requireEmpty(folder);
  const part = `${folder.replace(/\/+$/, '')}.${randomBytes(6).toString('hex')}.part`;
  try {
    await mkdir(part, { recursive: true });
    const omitted = await unpack(path, part, signal, limits);
    await rmdir(folder).catch(() => undefined);
    await rename(part, folder);
    return omitted;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** BAD_REQUEST for a folder with something in it, and for a file. */
export async function requireEmpty(folder: string): Promise<void> {
  try {
    if ((await readdir(folder)).length === 0) return;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  }
  const message = `Cannot extract into "${folder}": it must be a new or an empty folder`;
  throw new RegistrarError('BAD_REQUEST', message);
}

async function unpack(
  path: string,
  folder: string,
  signal: AbortSignal,
  limits: typeof LIMITS,
): Promise<number> {
  const { extract } = await import('tar');
  let [entries, omitted] = [0, 0];
  const target = extract({
    ...{ cwd: folder, strict: true, preserveOwner: false, noChmod: true, maxDepth: MAX_DEPTH },
    // It never throws: that would end the process.
    filter: (name, entry) => {
      entries += 1;
      const isTaken = 'type' in entry && ORDINARY.includes(entry.type) && isInside(name);
      if ('type' in entry && entry.mode !== undefined) entry.mode &= MODE;
      if (!isTaken) omitted += 1;
      return isTaken && entries <= limits.entries;
    },
  });
  await pipeline(createReadStream(path), createGunzip(), limited(limits.bytes), target, { signal });
  if (entries > limits.entries) throw tooMuch(`${limits.entries} entries`);
  return omitted;
}

const isInside = (name: string): boolean =>
  !name.startsWith('/') && !name.split('/').includes('..');

/** Fails when more comes out than a package has. */
function limited(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(tooMuch(`${maxBytes} bytes`));
      else done(null, chunk);
    },
  });
}

const tooMuch = (limit: string): RegistrarError =>
  new RegistrarError('TOO_LARGE', `The package has more than ${limit}; it is not extracted`);
