import type { OwnedImage } from '../model/container.js';
import { INSTANCE_LABEL } from '../model/owner.js';
import type { EngineClient } from './client.js';
import { refusalStatus } from './errors.js';
import { IMAGE_ID } from './image-facts.js';
import { labelFilter } from './names.js';
import { timeOf } from './observe.js';
import { integerOf, listOf, replyOf, textOf, textsOf } from './reply.js';

/** The images that this instance built: those with its label. */
export class OwnedImages {
  readonly #client: EngineClient;
  readonly #instanceId: string;

  constructor(client: EngineClient, instanceId: string) {
    this.#client = client;
    this.#instanceId = instanceId;
  }

  async list(): Promise<OwnedImage[]> {
    const filters = JSON.stringify(labelFilter(this.#instanceId));
    const call = { method: 'GET', path: '/images/json', doing: 'list images' } as const;
    const found = listOf(await this.#client.call({ ...call, query: { filters } }));
    const used = await this.#usedIds();
    return found.map((entry) => ownedImageOf(entry, used)).filter((image) => this.#isOurs(image));
  }

  /** See `Runtime.removeImage`. */
  async remove(id: string): Promise<boolean> {
    const image = (await this.list()).find((one) => one.id === id);
    // The engine would take the names of an image that a container still needs, but for the last.
    if (image === undefined || image.isUsed) return false;
    // By its names first: by id, the engine refuses one that has several.
    for (const name of [...image.references, id]) await this.#removeName(name);
    return !(await this.list()).some((one) => one.id === id);
  }

  async #usedIds(): Promise<ReadonlySet<string>> {
    const call = { method: 'GET', path: '/containers/json', doing: 'list containers' } as const;
    const containers = listOf(await this.#client.call({ ...call, query: { all: '1' } }));
    return new Set(containers.map((container) => textOf(replyOf(container)['ImageID'])));
  }

  /** Gone is as good; one that is needed stays. */
  async #removeName(name: string): Promise<void> {
    const path = `/images/${encodeURIComponent(name)}`;
    const call = { method: 'DELETE', path, doing: `remove image "${name}"` } as const;
    await this.#client.call(call).catch((error: unknown) => {
      if (![404, 409].includes(refusalStatus(error) ?? 0)) throw error;
    });
  }

  #isOurs({ id, labels }: OwnedImage): boolean {
    return IMAGE_ID.test(id) && labels[INSTANCE_LABEL] === this.#instanceId;
  }
}

function ownedImageOf(entry: unknown, used: ReadonlySet<string>): OwnedImage {
  const { Id, RepoTags, Labels, Size, Created } = replyOf(entry);
  const tags = listOf(RepoTags).map(textOf);
  const id = textOf(Id);
  return {
    ...{ id, isUsed: used.has(id) },
    references: tags.filter((tag) => tag !== '' && tag !== '<none>:<none>'),
    labels: textsOf(Labels),
    bytes: integerOf(Size),
    createdAt: timeOf(integerOf(Created) * 1000),
  };
}
