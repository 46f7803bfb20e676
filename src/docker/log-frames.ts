import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { Frames } from './frames.js';
import type { Piece } from './frames.js';
import { TextLines } from './text-lines.js';

/** Longer lines come in pieces; the engine itself cuts at 16 KiB. */
const MAX_LINE = 64 * 1024;

const LINE_FEED = 10;
const SPACE = 32;

/** What is known of one of the two streams of a log. */
interface Source {
  readonly lines: TextLines;
  /** Whether its last line has no end yet. */
  isOpen: boolean;
  /** Whether a time of the engine is being left out. */
  isSkipping: boolean;
}

/**
 * The lines of a log in frames. With `timestamps` the engine begins each line with its time, and
 * each of the pieces that it cuts a long line into: those inside a line are left out.
 */
export class LogFrames {
  readonly #frames = new Frames();
  readonly #sources = new Map<number, Source>();

  constructor(private readonly timestamps = false) {}

  /** The lines that are complete now. */
  push(chunk: Buffer): string[] {
    return this.#frames.push(chunk).flatMap((piece) => this.#linesIn(piece));
  }

  end(): string[] {
    return [...this.#sources.values()].flatMap(({ lines }) => lines.end());
  }

  #linesIn({ stream, bytes, isFirst }: Piece): string[] {
    const source = this.#sourceOf(stream);
    if (isFirst) source.isSkipping = this.timestamps && source.isOpen;
    const text = source.isSkipping ? afterSpace(bytes) : bytes;
    if (text === undefined) return [];
    source.isSkipping = false;
    if (text.length > 0) source.isOpen = text.at(-1) !== LINE_FEED;
    return source.lines.push(text);
  }

  /** Output and errors are cut into lines each for itself, so that they never mix within one. */
  #sourceOf(stream: number): Source {
    const known = this.#sources.get(stream);
    if (known !== undefined) return known;
    const source = { lines: new TextLines(MAX_LINE), isOpen: false, isSkipping: false };
    this.#sources.set(stream, source);
    return source;
  }
}

function afterSpace(bytes: Buffer): Buffer | undefined {
  const space = bytes.indexOf(SPACE);
  return space < 0 ? undefined : bytes.subarray(space + 1);
}

/** Bytes of a log to lines of text. A container with a terminal has no frames. */
export function logText(hasTerminal: boolean, timestamps = false): Transform {
  const parser = hasTerminal ? new TextLines(MAX_LINE) : new LogFrames(timestamps);
  const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const text = textOf(parser.push(chunk));
      done(null, text === '' ? undefined : text);
    },
    flush(done: TransformCallback) {
      done(null, textOf(parser.end()));
    },
  });
}
