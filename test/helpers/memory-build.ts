import { createHash } from 'node:crypto';
import { extract } from 'tar-stream';
import { entryText } from '../../src/docker/build/archive-entries.js';
import { checkLabels } from '../../src/docker/build/check-labels.js';
import { findContext } from '../../src/docker/build/context.js';
import type { BuildRequest } from '../../src/docker/runtime.js';
import type { ImageDetails } from '../../src/model/container.js';
import { RegistrarError } from '../../src/model/errors.js';
import { imageWith } from './memory-images.js';

/** What a build in memory works with. */
export interface MemoryBuild {
  readonly request: BuildRequest;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  readonly findImage: (reference: string) => ImageDetails | undefined;
}

/** Makes an image, with an id that is the same for the same request. */
export type Builder = (build: MemoryBuild) => Promise<ImageDetails>;

type Files = ReadonlyMap<string, string>;
type Instruction = (
  image: ImageDetails,
  rest: string,
  build: MemoryBuild,
  files: Files,
) => ImageDetails | Promise<ImageDetails>;

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Stands in for the classic builder. It reads the context as it is sent to an engine, and knows a
 * few instructions and commands; of a step that sleeps it does not wait for the end.
 */
export const buildInMemory: Builder = async (build) => {
  const context = await findContext(build.request);
  const [source, reader] = [context.open(() => undefined), extract()];
  // A loop that stops does not wait for a build, and its folder goes with the test.
  source.on('error', (error) => reader.destroy(error));
  const files = await contentOf(source.pipe(reader));
  const { labels } = build.request;
  const lines = (files.get(context.dockerfile) ?? '').split('\n').filter((line) => line !== '');
  let image = imageWith({ id: '' });
  for (const [index, line] of lines.entries()) {
    build.print(`Step ${index + 1}/${lines.length} : ${line}`);
    const [word = '', ...rest] = line.split(' ');
    const instruction = INSTRUCTIONS.get(word);
    if (instruction === undefined) throw failed(`unknown instruction: ${word}`);
    image = await instruction(image, rest.join(' '), build, files);
  }
  const content = JSON.stringify([[...files], labels, image]);
  const id = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const built = { ...image, id, labels: { ...image.labels, ...labels } };
  checkLabels(built.labels, labels, 'build');
  return built;
};

async function contentOf(reader: ReturnType<typeof extract>): Promise<Files> {
  const files = new Map<string, string>();
  for await (const entry of reader) {
    files.set(entry.header.name, await entryText(entry, MAX_FILE_BYTES));
  }
  return files;
}

const INSTRUCTIONS: ReadonlyMap<string, Instruction> = new Map<string, Instruction>([
  [
    'FROM',
    (_, reference, { findImage }) => {
      const base = findImage(reference);
      if (base === undefined) throw failed(`no base image ${reference}`);
      return base;
    },
  ],
  [
    'COPY',
    (image, rest, _, files) => {
      const source = rest.split(' ')[0] ?? '';
      if (!files.has(source)) throw failed(`COPY failed: no file ${source}`);
      return image;
    },
  ],
  [
    'RUN',
    async (image, command, build) => {
      const code = await run(command, build);
      if (code !== 0) throw failed(`the command ended with exit code ${code}`);
      return image;
    },
  ],
  ['USER', (image, user) => ({ ...image, user })],
  ['ENV', (image, one) => ({ ...image, env: [...image.env, one] })],
  ['EXPOSE', (image, port) => ({ ...image, exposedPorts: [...image.exposedPorts, `${port}/tcp`] })],
  ['VOLUME', (image, path) => ({ ...image, volumes: [...image.volumes, path] })],
  ['CMD', (image, command) => ({ ...image, command: JSON.parse(command) as string[] })],
  [
    'LABEL',
    (image, label) => {
      const [name = '', value = ''] = label.split('=');
      return { ...image, labels: { ...image.labels, [name]: value } };
    },
  ],
]);

async function run(command: string, { print, signal, request }: MemoryBuild): Promise<number> {
  const [name, argument = ''] = command.split(' ');
  if (name === 'echo') print(argument);
  if (name === 'exit') return Number(argument);
  if (name !== 'sleep') return 0;
  if (Number(argument) * 1000 > request.limits.silenceMs) {
    throw new RegistrarError('BUILD_LIMIT', 'Cannot build: there was no progress');
  }
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw failed('it was cancelled');
}

const failed = (why: string): RegistrarError =>
  new RegistrarError('BUILD_FAILED', `Cannot build: ${why}`);
