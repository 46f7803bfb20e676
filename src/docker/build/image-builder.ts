import type { Log } from '../../lib/log.js';
import type { ImageDetails } from '../../model/container.js';
import { RegistrarError } from '../../model/errors.js';
import { parseImageReference } from '../../model/image-reference.js';
import type { EngineClient } from '../client.js';
import { cleanText } from '../errors.js';
import type { Images } from '../images.js';
import { instanceLabels } from '../names.js';
import type { BuildRequest } from '../runtime.js';
import { WorkLimits } from '../work-limits.js';
import { bytesWritten, removeBuildContainers, settleBuildContainers } from './build-containers.js';
import { buildEnded } from './build-errors.js';
import { BuildLeftovers, findLabelled } from './build-leftovers.js';
import { BuildMarks } from './build-mark.js';
import { BuildOutput } from './build-output.js';
import { checkLabels } from './check-labels.js';
import { findContext } from './context.js';
import { FREE_BYTES_FLOOR, freeBytesOf, watchDisk } from './disk-watch.js';
import { labelImage } from './label-image.js';
import { runBuild } from './run-build.js';
import type { Build } from './run-build.js';

export interface BuilderOptions {
  readonly client: EngineClient;
  readonly instanceId: string;
  readonly images: Pick<Images, 'details'>;
  /** Folder of this host with the engine's data; undefined when it is on another host. */
  readonly dataFolder: () => Promise<string | undefined>;
  readonly log: Log;
}

const FULL = 'the disk of the engine has less than 1 GiB left; make room';

/** Builds images with the engine's classic builder. */
export class ImageBuilder {
  readonly #options: BuilderOptions;
  readonly #marks: BuildMarks;
  readonly #leftovers: BuildLeftovers;

  constructor(options: BuilderOptions) {
    this.#options = options;
    this.#marks = new BuildMarks(options.instanceId);
    this.#leftovers = new BuildLeftovers(options.client);
  }

  /** See `Runtime.buildImage`. */
  async build(
    request: BuildRequest,
    onOutput: (line: string) => void,
    signal: AbortSignal,
  ): Promise<ImageDetails> {
    const doing = `build image "${cleanText(request.tag)}"`;
    const tag = tagQuery(request.tag, doing);
    const limits = new WorkLimits(signal, request.limits);
    const mark = this.#marks.begin();
    try {
      const context = findContext(request);
      // Whoever waits for it is told, once it is known what was there before.
      context.catch(() => undefined);
      const before = await this.#leftovers.begin();
      const tell = (line: string): void => {
        if (limits.ended === undefined) onOutput(line);
      };
      const output = new BuildOutput(request.limits.logBytes, tell, request.conceal);
      const made = { before, shortIds: output.images };
      const labels = { ...request.labels, ...instanceLabels(this.#options.instanceId) };
      const wanted = { ...request, labels };
      const build = { doing, request: wanted, context, mark, limits, output, made };
      return await this.#runAndCleanUp(build, tag);
    } finally {
      limits.close();
      this.#marks.end(mark);
    }
  }

  /** Removes what builds have left that nobody waits for, as of a process that died. */
  async removeLeftovers(): Promise<void> {
    await removeBuildContainers(this.#options.client, (mark) => this.#marks.isLeft(mark));
    await this.#leftovers.sweep();
  }

  async #runAndCleanUp(build: Build, tag: Record<string, string>): Promise<ImageDetails> {
    const image = await this.#run(build).catch(async (error: unknown) => {
      await this.#cleanUp(build, undefined);
      throw error;
    });
    await Promise.all([this.#tag(image.id, tag, build.doing), this.#cleanUp(build, image.id)]);
    return image;
  }

  async #run(build: Build): Promise<ImageDetails> {
    const { client, images } = this.#options;
    const { doing, request, limits } = build;
    const stop = await this.#watchDisk(build);
    try {
      const id = await this.#label(build, await runBuild(build, client));
      if (limits.ended !== undefined) throw buildEnded(doing, limits.ended, build.output.step);
      const image = await images.details(id);
      if (image === undefined) throw vanished(doing);
      checkLabels(image.labels, request.labels, doing);
      return image;
    } finally {
      stop();
    }
  }

  async #label(build: Build, imageId: string): Promise<string> {
    const { doing, mark, output, made } = build;
    const { labels } = build.request;
    const known = findLabelled(made.before, imageId, labels);
    if (known !== undefined) return known;
    const id = await labelImage({ imageId, labels, mark, doing }, this.#options.client);
    output.noteImage(id);
    return id;
  }

  /** ENGINE_DISK_FULL when there is no room for a build at all. */
  async #watchDisk({ doing, request, mark, limits, made }: Build): Promise<() => void> {
    const { client, dataFolder } = this.#options;
    const folder = await dataFolder();
    const freeBytes = (): Promise<number | undefined> => freeBytesOf(folder);
    const free = await freeBytes();
    const isFull = { kind: 'diskFull', reason: FULL } as const;
    if (free !== undefined && free < FREE_BYTES_FLOOR) throw buildEnded(doing, isFull, '');
    const maxBytes = request.limits.diskBytes;
    const reason = `it added more than ${maxBytes} bytes to the disk`;
    const options = {
      ...{ freeBytes, maxBytes },
      onFull: () => limits.end(isFull),
      onTooMuch: () => limits.end({ kind: 'limit', reason }),
      bytesAdded: async () =>
        (await this.#leftovers.bytes(made)) + (await bytesWritten(client, (one) => one === mark)),
    };
    return watchDisk(options, free);
  }

  async #tag(id: string, query: Record<string, string>, doing: string): Promise<void> {
    const path = `/images/${id}/tag`;
    await this.#options.client.call({ method: 'POST', path, query, doing });
  }

  /** What cannot be removed does not change what came of the build. */
  async #cleanUp({ mark, limits, made }: Build, imageId: string | undefined): Promise<void> {
    const { client, log } = this.#options;
    const noted = (error: unknown): void =>
      log.warn({ err: error }, 'What a build left could not be removed');
    if (limits.ended !== undefined) await settleBuildContainers(client, mark).catch(noted);
    await this.#leftovers.end(made, imageId).catch(noted);
  }
}

/** INVALID for what no image can be called. */
function tagQuery(reference: string, doing: string): Record<string, string> {
  const parsed = parseImageReference(reference);
  if (parsed?.tag !== undefined && parsed.digest === undefined) {
    return { repo: `${parsed.registry}/${parsed.repository}`, tag: parsed.tag };
  }
  throw new RegistrarError('INVALID', `Cannot ${doing}: write its name as name:tag`);
}

const vanished = (doing: string): RegistrarError =>
  new RegistrarError('BUILD_FAILED', `Cannot ${doing}: somebody removed it when it was done`);
