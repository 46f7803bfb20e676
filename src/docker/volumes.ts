import { RegistrarError } from '../model/errors.js';
import { INSTANCE_LABEL } from '../model/owner.js';
import type { Owner } from '../model/owner.js';
import { isNamedVolume } from '../model/volumes.js';
import { readArchive, writeArchive } from './archive.js';
import type { EngineClient } from './client.js';
import { idsOf } from './container-user.js';
import type { CreateInput } from './create-options.js';
import { refusalStatus } from './errors.js';
import { volumeLabels, volumeName } from './names.js';
import { replyOf, textsOf } from './reply.js';
import { SCRATCH_VOLUME } from './scratch.js';
import type { Scratch } from './scratch.js';
import { TAR_BLOCK, folderArchive, readEntry } from './tar.js';

type Labels = Readonly<Record<string, string>>;
type VolumeInput = Pick<CreateInput, 'owner' | 'template' | 'imageId' | 'user'>;

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
  async ensure(input: VolumeInput): Promise<void> {
    const named = input.template.volumes.filter(isNamedVolume);
    await Promise.all(named.map(({ name }) => this.#ensureOne(name, input)));
  }

  /** NAME_CONFLICT when a named volume is there and belongs to somebody else. */
  async check(
    volume: string,
    { instance, module }: Pick<Owner, 'instance' | 'module'>,
  ): Promise<void> {
    const name = volumeName(instance, module, volume);
    const labels = await this.#labelsOf(name);
    if (labels !== undefined) requireOwn(name, labels, instance);
  }

  async #ensureOne(volume: string, { owner, imageId, user }: VolumeInput): Promise<void> {
    const name = volumeName(owner.instance, owner.module, volume);
    const labels = (await this.#labelsOf(name)) ?? (await this.#create(name, owner, volume));
    requireOwn(name, labels, owner.instance);
    await this.#once(name, () => this.#handOver(name, imageId, user));
  }

  /** undefined when there is no such volume; then what was known of one of the name is void. */
  async #labelsOf(name: string): Promise<Labels | undefined> {
    const path = `/volumes/${encodeURIComponent(name)}`;
    const call = { method: 'GET', path, doing: `inspect volume "${name}"` } as const;
    try {
      return textsOf(replyOf(await this.#client.call(call))['Labels']);
    } catch (error) {
      if (refusalStatus(error) !== 404) throw error;
      this.#ready.delete(name);
      return undefined;
    }
  }

  async #create(name: string, owner: Owner, volume: string): Promise<Labels> {
    const labels = volumeLabels(owner.instance, owner.module, volume);
    const body = { Name: name, Driver: 'local', Labels: labels };
    const call = { method: 'POST', path: '/volumes/create', body } as const;
    const made = await this.#client.call({ ...call, doing: `create volume "${name}"` });
    return textsOf(replyOf(made)['Labels']);
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

function requireOwn(name: string, labels: Labels, instance: string): void {
  if (labels[INSTANCE_LABEL] === instance) return;
  const message = `Cannot use volume "${name}": it is not of this instance; remove it or rename the volume`;
  throw new RegistrarError('NAME_CONFLICT', message);
}

/** An archive of a single folder that is root's. */
function isUntouched(archive: Buffer): boolean {
  const folder = readEntry(archive);
  const isEmpty = readEntry(archive.subarray(TAR_BLOCK)) === undefined;
  return folder?.isFolder === true && folder.uid === 0 && folder.gid === 0 && isEmpty;
}
