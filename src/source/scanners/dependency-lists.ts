import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';
import type { Extract } from 'tar-stream';
import { openFolderTree } from '../../verification/tree/folder-tree.js';

/** Files that scanners read packages and versions from. */
const LISTS =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|requirements[^/]{0,60}\.txt|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|pylock\.toml|go\.mod|go\.sum|Cargo\.lock|Gemfile\.lock|composer\.lock|pom\.xml|gradle\.lockfile|mix\.lock|pubspec\.lock|packages\.lock\.json|conan\.lock)$/;

/** More than any source has that is one module. */
const [MAX_FILES, MAX_FILE_BYTES, MAX_BYTES] = [500, 32 * 1024 ** 2, 128 * 1024 ** 2];

/** Why the lists of a source are not looked at. */
export class TooManyLists extends Error {}

/**
 * Writes the lists of dependencies of an archive into a folder, and nothing else: neither symlinks
 * nor settings that would change what a scanner says. Returns how many there are. Rejects with
 * TooManyLists when they are more, or longer, than a source has.
 */
export async function unpackLists(archive: string, folder: string): Promise<number> {
  const count = new Counter();
  const reader = extract();
  const reading = pipeline(createReadStream(archive), reader);
  // Its failure ends the loop, which tells it.
  reading.catch(() => undefined);
  for await (const entry of reader) {
    const { name, type, size } = entry.header;
    if (type === 'file' && LISTS.test(name) && isInside(name)) {
      count.add(size);
      await writeEntry(join(folder, name), entry);
    }
    entry.resume();
  }
  return count.files;
}

/** Files that are looked through for lists; more are rarely all meant. */
const MAX_FOLDER_FILES = 50_000;

/** The same from a folder that somebody works in; `paths` are all that count there. */
export async function copyLists(
  { folder, paths }: { readonly folder: string; readonly paths?: readonly string[] },
  to: string,
): Promise<number> {
  const count = new Counter();
  const tree = openFolderTree(folder, { maxFiles: MAX_FOLDER_FILES, ...(paths && { paths }) });
  for (const { type, path, size } of tree.entries) {
    if (type !== 'file' || !LISTS.test(path)) continue;
    count.add(size);
    await mkdir(dirname(join(to, path)), { recursive: true });
    await writeFile(join(to, path), tree.read(path, size));
  }
  return count.files;
}

/** Counts lists; throws when they are more, or longer, than a source has. */
class Counter {
  files = 0;
  #bytes = 0;

  add(size: number): void {
    this.files += 1;
    this.#bytes += size;
    if (this.files > MAX_FILES || size > MAX_FILE_BYTES || this.#bytes > MAX_BYTES)
      throw new TooManyLists('It has too many lists of dependencies, or too long ones');
  }
}

type Entry = Extract extends AsyncIterable<infer One> ? One : never;

async function writeEntry(path: string, entry: Entry): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Nothing is written over: a name that is there twice is refused elsewhere.
  await pipeline(entry, createWriteStream(path, { flags: 'wx' }));
}

const isInside = (name: string): boolean =>
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
