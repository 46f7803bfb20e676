import { RegistrarError } from '../model/errors.js';
import { INSTANCE_LABEL } from '../model/owner.js';
import type { Owner } from '../model/owner.js';
import { readArchive, writeArchive } from './archive.js';
import type { EngineClient } from './client.js';
import { idsOf } from './container-user.js';
import type { CreateInput } from './create-options.js';
import { volumeLabels, volumeName } from './names.js';
import { replyOf, textOf, textsOf } from './reply.js';
import { SCRATCH_VOLUME } from './scratch.js';
import type { Scratch } from './scratch.js';
import { TAR_BLOCK, folderArchive, readEntry } from './tar.js';

/** Volumes that are known to be ready; forgetting one costs a look. */
const MAX_REMEMBERED = 4096;

/**
 * The named volumes of modules. The engine gives a new one to root, so that a container that is not
 * root could not write: a volume that is still empty and root's is handed to the container's user.
 * One that has anything in it, or another owner, is never changed.
 */
export class Volumes {
  readonly #client: EngineClient;
  readonly #scratch: Scratch;
  readonly #ready = new Map<string, Promise<void>>();

  constructor(client: EngineClient, scratch: Scratch) {
    this.#client = client;
    this.#scratch = scratch;
  }

  /** Makes the named volumes of a container. NAME_CONFLICT when one belongs to somebody else. */
  async ensure({
    owner,
    template,
    imageId,
    user,
  }: Omit<CreateInput, 'hostPaths' | 'network'>): Promise<void> {
    const named = template.volumes.filter((volume) => volume.hostPath === undefined);
    await Promise.all(
      named.map(async ({ name }) => {
        const createdAt = await this.#create(owner, name);
        const volume = volumeName(owner.instance, owner.module, name);
        await this.#once(`${volume}@${createdAt}`, () => this.#handOver(volume, imageId, user));
      }),
    );
  }

  /** Resolves to when the volume was made: one of the same name made later is another. */
  async #create(owner: Owner, volume: string): Promise<string> {
    const Name = volumeName(owner.instance, owner.module, volume);
    const Labels = volumeLabels(owner.instance, owner.module, volume);
    const call = {
      method: 'POST',
      path: '/volumes/create',
      doing: `create volume "${Name}"`,
    } as const;
    const reply = await this.#client.call({ ...call, body: { Name, Driver: 'local', Labels } });
    const made = replyOf(reply);
    if (textsOf(made['Labels'])[INSTANCE_LABEL] === owner.instance)
      return textOf(made['CreatedAt']);
    const message = `Cannot use volume "${Name}": it is not of this instance; remove it or rename the volume`;
    throw new RegistrarError('NAME_CONFLICT', message);
  }

  #once(key: string, work: () => Promise<void>): Promise<void> {
    const known = this.#ready.get(key);
    if (known !== undefined) return known;
    if (this.#ready.size >= MAX_REMEMBERED) this.#ready.clear();
    const started = work().catch((error: unknown) => {
      this.#ready.delete(key);
      throw error;
    });
    this.#ready.set(key, started);
    return started;
  }

  #handOver(volume: string, imageId: string, user: string): Promise<void> {
    return this.#scratch.use({ imageId, volume }, async (id) => {
      const { parent, name } = SCRATCH_VOLUME;
      const start = await readArchive(this.#client, id, `${parent}/${name}`, 2 * TAR_BLOCK);
      if (!isUntouched(start)) return;
      const { uid, gid } = idsOf(user);
      await writeArchive(this.#client, id, parent, folderArchive(name, uid, gid));
    });
  }
}

/** An archive of a single folder that is root's. */
function isUntouched(archive: Buffer): boolean {
  const folder = readEntry(archive);
  const isEmpty = readEntry(archive.subarray(TAR_BLOCK)) === undefined;
  return folder?.isFolder === true && folder.uid === 0 && folder.gid === 0 && isEmpty;
}
