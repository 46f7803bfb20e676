import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { TextLines } from './text-lines.js';

/** Longer lines come in pieces; the engine itself cuts at 16 KiB. */
const MAX_LINE = 64 * 1024;

/** Before each piece of output: number of the stream, three zeros, length in four bytes. */
const HEADER_BYTES = 8;
const LENGTH_OFFSET = 4;

/** Takes the engine's frames apart, whatever chunks they arrive in. */
export class LogFrames {
  readonly #lines = new Map<number, TextLines>();
  #header = Buffer.alloc(0);
  /** Bytes that are still missing of the present frame. */
  #missing = 0;

  /** The lines that are complete now. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    for (let rest = chunk; rest.length > 0;) {
      if (this.#missing === 0) rest = this.#readHeader(rest);
      const piece = rest.subarray(0, this.#missing);
      if (piece.length > 0) lines.push(...this.#linesOf(this.#header[0] ?? 0).push(piece));
      this.#missing -= piece.length;
      rest = rest.subarray(piece.length);
    }
    return lines;
  }

  end(): string[] {
    return [...this.#lines.values()].flatMap((lines) => lines.end());
  }

  /** Takes what it can of a header; what follows it is left. */
  #readHeader(chunk: Buffer): Buffer {
    const begun = this.#header.length < HEADER_BYTES ? this.#header : Buffer.alloc(0);
    const wanted = HEADER_BYTES - begun.length;
    this.#header = Buffer.concat([begun, chunk.subarray(0, wanted)]);
    if (this.#header.length === HEADER_BYTES) {
      this.#missing = this.#header.readUInt32BE(LENGTH_OFFSET);
    }
    return chunk.subarray(wanted);
  }

  /** Output and errors are cut into lines each for itself, so that they never mix within one. */
  #linesOf(stream: number): TextLines {
    const known = this.#lines.get(stream) ?? new TextLines(MAX_LINE);
    this.#lines.set(stream, known);
    return known;
  }
}

/** Bytes of a log to lines of text. A container with a terminal has no frames. */
export function logText(hasTerminal: boolean): Transform {
  const parser = hasTerminal ? new TextLines(MAX_LINE) : new LogFrames();
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
