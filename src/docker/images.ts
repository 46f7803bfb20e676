import type { ImageDetails, ImageFacts } from '../model/container.js';
import { RegistrarError, isRegistrarError } from '../model/errors.js';
import { parseImageReference } from '../model/image-reference.js';
import { readArchive } from './archive.js';
import type { EngineClient } from './client.js';
import { imageUser, isNamed } from './container-user.js';
import type { Accounts } from './container-user.js';
import { cleanText, refusalStatus } from './errors.js';
import { IMAGE_ID, imageDetailsOf, imageFactsOf } from './image-facts.js';
import type { Scratch } from './scratch.js';
import { TAR_BLOCK, readEntry } from './tar.js';

/** An image never changes under its id, so a user is worked out once. */
const MAX_REMEMBERED = 512;
/** Longer account files do not exist in images that were made with care. */
const MAX_ACCOUNTS_BYTES = 256 * 1024;

/** What is known of the engine's images. */
export class Images {
  readonly #client: EngineClient;
  readonly #scratch: Scratch;
  readonly #users = new Map<string, string>();

  constructor(client: EngineClient, scratch: Scratch) {
    this.#client = client;
    this.#scratch = scratch;
  }

  /** An image by reference or id; undefined when it is not there, INVALID for a malformed name. */
  async find(reference: string): Promise<ImageFacts | undefined> {
    return imageFactsOf(await this.#inspect(reference), reference);
  }

  /** The same with all that is told of it. */
  async details(reference: string): Promise<ImageDetails | undefined> {
    return imageDetailsOf(await this.#inspect(reference), reference);
  }

  /** The user that a container of the image runs as, in numbers. IMAGE_NOT_FOUND. */
  async userOf(imageId: string): Promise<string> {
    const known = this.#users.get(imageId);
    if (known !== undefined) return known;
    const facts = await this.find(imageId);
    if (facts === undefined) {
      throw new RegistrarError('IMAGE_NOT_FOUND', `Image "${cleanText(imageId)}" is not present`);
    }
    const accounts = isNamed(facts.user) ? await this.#accounts(imageId) : NO_ACCOUNTS;
    const user = imageUser(facts.user, accounts);
    if (this.#users.size >= MAX_REMEMBERED) this.#users.clear();
    this.#users.set(imageId, user);
    return user;
  }

  /** undefined when there is no such image. */
  async #inspect(reference: string): Promise<unknown> {
    const name = encodeURIComponent(lookupName(reference));
    const doing = `inspect image "${cleanText(reference)}"`;
    try {
      return await this.#client.call({ method: 'GET', path: `/images/${name}/json`, doing });
    } catch (error) {
      if (refusalStatus(error) === 404) return undefined;
      throw error;
    }
  }

  #accounts(imageId: string): Promise<Accounts> {
    return this.#scratch.use({ imageId }, async (id) => ({
      passwd: await this.#readFile(id, '/etc/passwd'),
      group: await this.#readFile(id, '/etc/group'),
    }));
  }

  /** Text of a file, empty when it does not exist. */
  async #readFile(containerId: string, path: string): Promise<string> {
    try {
      const archive = await readArchive(this.#client, containerId, path, MAX_ACCOUNTS_BYTES);
      const size = readEntry(archive)?.size ?? 0;
      return archive.toString('utf8', TAR_BLOCK, TAR_BLOCK + (Number.isNaN(size) ? 0 : size));
    } catch (error) {
      if (isRegistrarError(error) && refusalStatus(error) === 404) return '';
      throw error;
    }
  }
}

const NO_ACCOUNTS: Accounts = { passwd: '', group: '' };

/** With a digest the tag says nothing. INVALID for what is neither a reference nor an id. */
function lookupName(reference: string): string {
  if (IMAGE_ID.test(reference)) return reference;
  const parsed = parseImageReference(reference);
  if (parsed === undefined) {
    const message = `Cannot read image reference "${cleanText(reference)}": write name:tag or name@digest`;
    throw new RegistrarError('INVALID', message);
  }
  const { registry, repository, tag, digest } = parsed;
  const suffix = digest === undefined ? `:${tag ?? 'latest'}` : `@${digest}`;
  return `${registry}/${repository}${suffix}`;
}
