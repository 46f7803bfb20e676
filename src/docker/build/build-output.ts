import { stripVTControlCharacters } from 'node:util';
import { printable } from '../../lib/printable.js';
import { parseJson, integerOf, replyOf, textOf } from '../reply.js';
import type { Reply } from '../reply.js';
import { TextLines } from '../text-lines.js';

/** Longest message of the engine's stream, in characters: a whole Dockerfile may be in one. */
const MAX_MESSAGE = 1024 * 1024;
/** Longest line of a step that is passed on, in characters. */
const MAX_LINE = 2000;
/** Steps and images that are remembered; no Dockerfile has as many. */
const MAX_IMAGES = 10_000;
/** Lines that an error tells. */
const LAST_LINES = 5;
/** A build that prints this many times what is passed on is ended. */
const PATIENCE = 10;

/** Digits of an id that the output tells. */
const SHORT = 12;

const STEP = /^Step \d+\/\d+ : /;
const OF_BUILDER = /^( ---> |Removing intermediate container )/;
const IMAGE = /^ ---> ([0-9a-f]{12})$/;
const IMAGE_ID = /^sha256:[0-9a-f]{64}$/;

/** What the engine says of a build that failed. */
export interface BuildFailure {
  readonly text: string;
  /** Of the command of a step, undefined when it was not one that failed. */
  readonly exitCode: number | undefined;
}

/** Reads what the engine streams of a build. */
export class BuildOutput {
  readonly #messages = new TextLines(MAX_MESSAGE);
  readonly #lines = new TextLines(MAX_LINE);
  readonly #logBytes: number;
  readonly #onLine: (line: string) => void;
  readonly #conceal: (text: string) => string;
  readonly #images = new Set<string>();
  #isCached = false;
  #printed = 0;
  #step = '';
  #lastLines: string[] = [];
  #imageId: string | undefined;
  #failure: BuildFailure | undefined;

  /** `conceal` covers what is not to be told of what the build prints. */
  constructor(
    logBytes: number,
    onLine: (line: string) => void,
    conceal: (text: string) => string = (text) => text,
  ) {
    this.#logBytes = logBytes;
    this.#onLine = onLine;
    this.#conceal = conceal;
  }

  push(chunk: Buffer): void {
    for (const message of this.#messages.push(chunk)) this.#take(replyOf(parseJson(message)));
  }

  /** Takes what came without an end. */
  end(): void {
    for (const message of this.#messages.end()) this.#take(replyOf(parseJson(message)));
    for (const line of this.#lines.end()) this.#line(line);
  }

  /** Id of the image that was made last. */
  get imageId(): string | undefined {
    return this.#imageId;
  }

  get failure(): BuildFailure | undefined {
    return this.#failure;
  }

  /** The step that ran last, such as `Step 2/3 : RUN make`; empty before the first. */
  get step(): string {
    return this.#step;
  }

  get lastLines(): readonly string[] {
    return this.#lastLines;
  }

  /** The first twelve digits of the ids of images that were made and not found in the cache. */
  get images(): ReadonlySet<string> {
    return this.#images;
  }

  /** Adds an image that was made of what the build made. */
  noteImage(id: string): void {
    this.#images.add(id.slice('sha256:'.length, 'sha256:'.length + SHORT));
  }

  /** True once a build has printed far more than anybody will read. */
  get isTooMuch(): boolean {
    return this.#printed > PATIENCE * this.#logBytes;
  }

  #take({ stream, status, id, progressDetail, aux, error, errorDetail }: Reply): void {
    const made = textOf(replyOf(aux)['ID']);
    if (IMAGE_ID.test(made)) this.#imageId = made;
    if (typeof stream === 'string') this.#print(stream);
    // Of a base image that is pulled, without how far each layer is.
    const isCount = replyOf(progressDetail)['current'] !== undefined;
    if (typeof status === 'string' && !isCount)
      this.#print(`${[textOf(id), status].join(' ').trim()}\n`);
    if (typeof error !== 'string' || error === '') return;
    const code = integerOf(replyOf(errorDetail)['code']);
    this.#failure = { text: this.#conceal(error), exitCode: code === 0 ? undefined : code };
  }

  #print(text: string): void {
    for (const line of this.#lines.push(Buffer.from(text))) this.#line(line);
  }

  #line(raw: string): void {
    this.#noteMade(raw);
    for (const part of raw.split('\r')) {
      const line = outputLine(this.#conceal(part));
      if (line !== '') this.#pass(line);
    }
  }

  /** What a step prints may look like it, but cannot know the id of an image of somebody else. */
  #noteMade(line: string): void {
    const id = IMAGE.exec(line)?.[1];
    if (id !== undefined && !this.#isCached && this.#images.size < MAX_IMAGES) this.#images.add(id);
    this.#isCached = line === ' ---> Using cache';
  }

  #pass(line: string): void {
    if (STEP.test(line)) {
      this.#step = line;
      this.#lastLines = [];
    } else if (!OF_BUILDER.test(line)) {
      this.#lastLines = [...this.#lastLines, line].slice(-LAST_LINES);
    }
    const before = this.#printed;
    this.#printed += Buffer.byteLength(line) + 1;
    if (this.#printed <= this.#logBytes) this.#onLine(line);
    else if (before <= this.#logBytes) this.#onLine('(output left out: it is too long)');
  }
}

/** A line without colours, hidden characters and credentials. */
function outputLine(raw: string): string {
  const masked = stripVTControlCharacters(raw).replaceAll(/\/\/[^\s/@"]+@/g, '//***@');
  return printable(masked.replaceAll('\t', '  ').trimEnd(), MAX_LINE);
}
