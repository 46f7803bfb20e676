import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { Header, Pack } from 'tar-stream';
import { RegistrarError } from '../../model/errors.js';
import { cleanText } from '../errors.js';
import type { BuildRequest } from '../runtime.js';
import { entryText, forEachEntry } from './archive-entries.js';
import type { ArchiveEntry } from './archive-entries.js';
import { contextEntry, isContextEntry, pathBelow, plainPath } from './context-entry.js';
import { parseIgnoreRules } from './ignore-rules.js';
import type { Ignore } from './ignore-rules.js';
import { Slices } from './slices.js';

const IGNORE_FILE = '.dockerignore';
const MAX_IGNORE_BYTES = 64 * 1024;

/** A context that was found to be complete. */
export interface BuildContext {
  /** Path of the Dockerfile, as the engine is told. */
  readonly dockerfile: string;
  /** The tar archive, as it is or made while it is read. To be destroyed when not read to its end. */
  open(onProgress: () => void): Readable;
}

interface Found {
  readonly paths: string[];
  /** Whether all of the archive is in it, each entry as it would be sent. */
  isWhole: boolean;
  dockerfileType: string | undefined;
  ignoreText: string;
}

/**
 * Looks through the archive of a commit for the context of a build, of which nothing is unpacked.
 * BUILD_FAILED when there is no such folder or no Dockerfile in it, or for what no build may have.
 */
export async function findContext(
  request: Pick<BuildRequest, 'archive' | 'path' | 'dockerfile'>,
): Promise<BuildContext> {
  const { archive } = request;
  const folder = insideRepository(request.path);
  const dockerfile = insideRepository(request.dockerfile);
  const found = await scan(archive, folder, dockerfile);
  if (found.paths.length === 0) throw missing('folder', folder);
  if (found.dockerfileType !== 'file') throw missing('file', `${folder}/${dockerfile}`);
  const rules = parseIgnoreRules(found.ignoreText);
  // As docker build's client does, so that the engine can read them.
  const ignore: Ignore = (path) => path !== dockerfile && path !== IGNORE_FILE && rules(path);
  const isWhole = found.isWhole && !(await hasIgnored(found.paths, ignore));
  return {
    dockerfile,
    open: (onProgress) =>
      isWhole ? openWhole(archive, onProgress) : openContext(archive, folder, ignore, onProgress),
  };
}

async function hasIgnored(paths: readonly string[], ignore: Ignore): Promise<boolean> {
  const slices = new Slices();
  for (const path of paths) {
    if (ignore(path)) return true;
    await slices.next();
  }
  return false;
}

function insideRepository(path: string): string {
  const plain = plainPath(path);
  if (plain !== undefined) return plain;
  const message = `Cannot build from "${cleanText(path)}": it leads out of the repository; write a path in it`;
  throw new RegistrarError('BUILD_FAILED', message);
}

function missing(what: 'folder' | 'file', path: string): RegistrarError {
  const name = cleanText(path.replace(/^\//, ''));
  const message = `Cannot build: the commit has no ${what} "${name}"; add it, or correct path and dockerfile of the source`;
  return new RegistrarError('BUILD_FAILED', message);
}

async function scan(archive: string, folder: string, dockerfile: string): Promise<Found> {
  const found: Found = {
    ...{ paths: [], isWhole: folder === '', dockerfileType: undefined, ignoreText: '' },
  };
  await forEachEntry(archive, async (entry) => {
    const path = pathBelow(folder, entry.header);
    if (path === undefined) return;
    found.paths.push(path);
    found.isWhole &&= isContextEntry(entry.header);
    if (path === dockerfile) found.dockerfileType = entry.header.type;
    if (path !== IGNORE_FILE || entry.header.type !== 'file') return;
    found.ignoreText = await entryText(entry, MAX_IGNORE_BYTES);
  });
  return found;
}

/** The archive itself: to take it apart and put it together again would keep the daemon busy. */
const openWhole = (archive: string, onProgress: () => void): Readable =>
  Readable.from(chunksOf(archive, onProgress));

async function* chunksOf(archive: string, onProgress: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(archive) as AsyncIterable<Buffer>) {
    onProgress();
    yield chunk;
  }
}

function openContext(
  archive: string,
  folder: string,
  ignore: Ignore,
  onProgress: () => void,
): Readable {
  const target = pack();
  const closed = new AbortController();
  target.on('close', () => closed.abort());
  const work = async (entry: ArchiveEntry): Promise<void> => {
    const path = pathBelow(folder, entry.header);
    if (path === undefined || ignore(path)) return;
    await copy(entry, contextEntry(entry.header, path), target);
    onProgress();
  };
  void forEachEntry(archive, work, closed.signal).then(
    () => target.finalize(),
    (error: Error) => target.destroy(error),
  );
  return Readable.from(target);
}

/** The archive's entry under another header; it waits for whoever reads the target. */
function copy(entry: ArchiveEntry, header: Header, target: Pack): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error?: Error | null): void => (error ? reject(error) : resolve());
    const sink = target.entry(header, end);
    entry.on('error', reject);
    sink.on('error', reject);
    if (header.type === 'file') entry.pipe(sink);
  });
}
