import type { EngineClient } from '../client.js';
import { refusalStatus } from '../errors.js';
import { integerOf, listOf, replyOf, textOf, textsOf } from '../reply.js';

/** Digits of an id that a build's output tells. */
const SHORT = 12;
/** Images that are tried again at the next opportunity because somebody needs them now. */
const MAX_LEFT = 1000;
const ID = /^sha256:[0-9a-f]{64}$/;

/** Images by their ids, also those that only others are made of. */
export type ImageList = ReadonlyMap<string, ListedImage>;

interface ListedImage {
  readonly id: string;
  readonly parent: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly bytes: number;
  /** Nothing names it. */
  readonly isNameless: boolean;
}

/** What a build has made so far. */
export interface Made {
  /** Images that were there before it. */
  readonly before: ImageList;
  /** First digits of the ids that its output tells. */
  readonly shortIds: ReadonlySet<string>;
}

/** A build that is over. */
interface Ended {
  readonly made: Made;
  readonly imageId: string | undefined;
}

/**
 * The images between the steps of builds. The builder neither names nor labels them, so that later
 * nobody could say whose they are: those that the built image does not consist of are removed when
 * the last build ends. Until then another build may have found them in the cache.
 */
export class BuildLeftovers {
  readonly #client: EngineClient;
  readonly #left = new Set<string>();
  #ended: readonly Ended[] = [];
  #builds = 0;

  constructor(client: EngineClient) {
    this.#client = client;
  }

  /** A build begins; `end` must follow. Resolves to the images that are there. */
  async begin(): Promise<ImageList> {
    this.#builds += 1;
    try {
      return await listAll(this.#client);
    } catch (error) {
      this.#builds -= 1;
      throw error;
    }
  }

  /** A build ended, with an image or without. */
  async end(made: Made, imageId: string | undefined): Promise<void> {
    this.#builds -= 1;
    this.#ended = [...this.#ended, { made, imageId }];
    await this.sweep();
  }

  /** Removes what is left, also what could not be removed while the engine was away. */
  async sweep(): Promise<void> {
    if (this.#ended.length > 0) await this.#sort();
    if (this.#builds > 0) return;
    for (const id of [...this.#left].toReversed()) {
      if (await removeNameless(this.#client, id)) this.#left.delete(id);
    }
    for (const id of [...this.#left].slice(0, -MAX_LEFT)) this.#left.delete(id);
  }

  async #sort(): Promise<void> {
    const images = await listAll(this.#client);
    const ended = this.#ended;
    this.#ended = [];
    for (const { made } of ended) for (const { id } of madeIn(images, made)) this.#left.add(id);
    for (const { imageId } of ended) {
      for (const id of chainOf(images, imageId)) this.#left.delete(id);
    }
  }

  /** What the images of a build have added to the engine's disk. */
  async bytes(made: Made): Promise<number> {
    const images = await listAll(this.#client);
    const added = madeIn(images, made).map(
      ({ bytes, parent }) => bytes - (images.get(parent)?.bytes ?? 0),
    );
    return added.reduce((sum, one) => sum + one, 0);
  }
}

async function listAll(client: EngineClient): Promise<ImageList> {
  const call = { method: 'GET', path: '/images/json', query: { all: '1' } } as const;
  const listed = listOf(await client.call({ ...call, doing: 'list images' })).map(replyOf);
  const images = listed.map(({ Id, ParentId, Labels, Size, RepoTags, RepoDigests }) => ({
    ...{
      id: textOf(Id),
      parent: textOf(ParentId),
      labels: textsOf(Labels),
      bytes: integerOf(Size),
    },
    isNameless: [...listOf(RepoTags), ...listOf(RepoDigests)].every(isNoName),
  }));
  return new Map(images.filter(({ id }) => ID.test(id)).map((image) => [image.id, image]));
}

/** The image that was given just these labels before, if any: the same build is the same image. */
export function findLabelled(
  images: ImageList,
  parent: string,
  labels: Readonly<Record<string, string>>,
): string | undefined {
  const given = Object.entries(labels);
  const children = [...images.values()].filter((image) => image.parent === parent);
  return children.find((one) => given.every(([name, value]) => one.labels[name] === value))?.id;
}

/** As engines of this age write it, others leave the list empty. */
const isNoName = (name: unknown): boolean => /^<none>[:@]<none>$/.test(textOf(name));

/** In the order of their making. */
function madeIn(images: ImageList, { before, shortIds }: Made): ListedImage[] {
  const byShortId = new Map([...images.values()].map((image) => [shortIdOf(image.id), image]));
  return [...shortIds]
    .map((shortId) => byShortId.get(shortId))
    .filter((image) => image !== undefined)
    .filter(({ id, isNameless }) => isNameless && !before.has(id));
}

const shortIdOf = (id: string): string => id.slice('sha256:'.length, 'sha256:'.length + SHORT);

/** An image and what it was made from, step by step. */
function chainOf(images: ImageList, imageId: string | undefined): Set<string> {
  const chain = new Set<string>();
  for (let id = imageId; id !== undefined && !chain.has(id); id = images.get(id)?.parent) {
    chain.add(id);
  }
  return chain;
}

/** False for one that another image or a container needs, be it only until that is gone. */
async function removeNameless(client: EngineClient, id: string): Promise<boolean> {
  const doing = `remove image ${shortIdOf(id)}`;
  const call = { method: 'DELETE', path: `/images/${id}`, query: { noprune: '1' }, doing } as const;
  try {
    await client.call(call);
    return true;
  } catch (error) {
    const status = refusalStatus(error);
    if (status === 404 || status === 409) return status === 404;
    throw error;
  }
}
