import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';

/** Passes bytes on, and knows their number and hash at the end. */
export class HashMeter extends Transform {
  readonly #hash = createHash('sha256');
  #digest = '';
  #bytes = 0;

  /** `sha256:…`, once all has passed. */
  get hash(): string {
    return this.#digest;
  }

  get bytes(): number {
    return this.#bytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.#digest = `sha256:${this.#hash.digest('hex')}`;
    done();
  }
}

/**
 * Passes bytes on as long as they may be those of the hash: the last of them wait until it is known,
 * so that nobody gets the whole of something else.
 */
export class HashCheck extends Transform {
  readonly #hash = createHash('sha256');
  #last: Buffer | undefined;

  /** `mismatch` is called when the bytes turn out to be others; it fails when that is done. */
  constructor(
    private readonly wanted: string,
    private readonly mismatch: () => Promise<void>,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    const ready = this.#last;
    this.#last = chunk;
    done(null, ready);
  }

  override _flush(done: TransformCallback): void {
    if (`sha256:${this.#hash.digest('hex')}` === this.wanted) return done(null, this.#last);
    const fail = (): void => done(new Error('The package on the disk is not what was published'));
    this.mismatch().then(fail, fail);
  }
}
