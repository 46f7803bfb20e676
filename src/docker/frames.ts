/** Before each piece of output: number of the stream, three zeros, length in four bytes. */
const HEADER_BYTES = 8;
const LENGTH_OFFSET = 4;

/** Number of the stream that carries what a process writes to its standard error. */
export const STDERR = 2;

/** Part of a frame. */
export interface Piece {
  /** 1 for output, 2 for errors. */
  readonly stream: number;
  readonly bytes: Buffer;
  /** Whether the frame begins with it. */
  readonly isFirst: boolean;
}

/** Takes the engine's frames apart, whatever chunks they arrive in. Keeps nothing but a header. */
export class Frames {
  #header = Buffer.alloc(0);
  /** Bytes that are still missing of the present frame. */
  #missing = 0;
  #isFirst = false;

  /** The pieces in a chunk, none of them empty. */
  push(chunk: Buffer): Piece[] {
    const pieces: Piece[] = [];
    for (let rest = chunk; rest.length > 0;) {
      if (this.#missing === 0) rest = this.#readHeader(rest);
      const bytes = rest.subarray(0, this.#missing);
      if (bytes.length > 0) pieces.push(this.#pieceOf(bytes));
      rest = rest.subarray(bytes.length);
    }
    return pieces;
  }

  #pieceOf(bytes: Buffer): Piece {
    const piece = { stream: this.#header[0] ?? 0, bytes, isFirst: this.#isFirst };
    this.#missing -= bytes.length;
    this.#isFirst = false;
    return piece;
  }

  /** Takes what it can of a header; what follows it is left. */
  #readHeader(chunk: Buffer): Buffer {
    const begun = this.#header.length < HEADER_BYTES ? this.#header : Buffer.alloc(0);
    const wanted = HEADER_BYTES - begun.length;
    this.#header = Buffer.concat([begun, chunk.subarray(0, wanted)]);
    if (this.#header.length === HEADER_BYTES) {
      this.#missing = this.#header.readUInt32BE(LENGTH_OFFSET);
      this.#isFirst = true;
    }
    return chunk.subarray(wanted);
  }
}
