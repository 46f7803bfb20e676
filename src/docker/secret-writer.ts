import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pack } from 'tar-stream';
import { isRegistrarError, RegistrarError } from '../model/errors.js';
import type { SecretFile } from '../model/secret.js';
import { writeArchive } from './archive.js';
import type { EngineClient } from './client.js';
import { idsOf } from './container-user.js';
import { refusalText } from './errors.js';
import { unavailable } from './memory-folder.js';
import type { Scratch } from './scratch.js';

export interface SecretFilesToWrite {
  /** Folder of the container, which is not there yet. */
  readonly folder: string;
  /** Folders in it, by volume. */
  readonly folders: ReadonlyMap<string, string>;
  readonly files: readonly SecretFile[];
  /** An image that is present. */
  readonly imageId: string;
  /** `uid:gid` that the files are to belong to. */
  readonly user: string;
}

/** A file, with where it is on the host. */
type Placed = Pick<SecretFile, 'mode' | 'bytes'> & { readonly path: string };

/**
 * Writes files of Secrets. The engine writes them, through a container that is never started: it may
 * give them to the container's user, also where its users are other ones on the host, and Registrar
 * needs no root for it. The folders are Registrar's, so that it can remove what is in them.
 */
export class SecretWriter {
  readonly #client: EngineClient;
  readonly #scratch: Scratch;

  constructor(client: EngineClient, scratch: Scratch) {
    this.#client = client;
    this.#scratch = scratch;
  }

  /** SECRET_FILES_UNAVAILABLE when the engine does not see the folder. */
  async write({ folder, folders, files, imageId, user }: SecretFilesToWrite): Promise<void> {
    const placed = files.map((file) => placeIn(folders, file));
    const parents = placed.map(({ path }) => dirname(path));
    await makeFolders(folder, [...folders.values(), ...parents]).catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw unavailable(dirname(dirname(folder)), `a folder cannot be made in it (${code})`);
    });
    if (placed.length === 0) return;
    const archive = await archiveOf(folder, placed, idsOf(user));
    // No image can have something there that would take the files in place of the folder.
    const target = `/registrar-${randomBytes(8).toString('hex')}`;
    try {
      await this.#scratch.use({ imageId, folder: { source: folder, target } }, (id) =>
        writeArchive(this.#client, id, target, archive).catch((error: unknown) => {
          // The disk of the engine is another one.
          throw isRegistrarError(error, 'ENGINE_DISK_FULL') ? full(folder) : error;
        }),
      );
    } catch (error) {
      const isUnseen =
        isRegistrarError(error) && /source path does not exist/.test(refusalText(error));
      throw isUnseen ? unseen(folder) : error;
    }
    if (!(await areThere(placed))) throw unseen(folder);
  }
}

function placeIn(
  folders: ReadonlyMap<string, string>,
  { volume, path, mode, bytes }: SecretFile,
): Placed {
  const folder = folders.get(volume);
  if (folder === undefined) throw new Error(`Volume "${volume}" has no folder`);
  if (/(^|\/)\.{0,2}(\/|$)/.test(path)) {
    throw new RegistrarError('FORBIDDEN', `Cannot write a file of a Secret at "${path}"`);
  }
  return { path: join(folder, path), mode, bytes };
}

/** The folders and those between, which anybody in the container may look into. */
async function makeFolders(top: string, folders: readonly string[]): Promise<void> {
  await mkdir(top, { mode: 0o700 });
  const all = new Set(folders.flatMap((folder) => fromTo(top, folder)));
  for (const folder of [...all].toSorted()) {
    await mkdir(folder);
    await chmod(folder, 0o755);
  }
}

const fromTo = (top: string, folder: string): string[] =>
  folder === top ? [] : [...fromTo(top, dirname(folder)), folder];

async function archiveOf(
  folder: string,
  files: readonly Placed[],
  { uid, gid }: ReturnType<typeof idsOf>,
): Promise<Buffer> {
  const archive = pack();
  for (const { path, mode, bytes } of files) {
    // Beside the older form of the numbers, in which large ones have no room.
    const pax = { uid: `${uid}`, gid: `${gid}` };
    archive.entry({ name: relative(folder, path), mode, uid, gid, pax }, bytes);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function areThere(files: readonly Placed[]): Promise<boolean> {
  const looks = files.map(({ path, bytes }) =>
    lstat(path).then(
      (found) => found.isFile() && found.size === bytes.length,
      () => false,
    ),
  );
  return (await Promise.all(looks)).every(Boolean);
}

const full = (folder: string): RegistrarError =>
  unavailable(dirname(dirname(folder)), 'there is no room in it');

const unseen = (folder: string): RegistrarError =>
  unavailable(dirname(dirname(folder)), 'the engine does not see the same folder');
