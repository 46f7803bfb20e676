import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';

/** The first bytes of a stream, all when there is no limit. What lies behind them is not read. */
export function limitBytes(source: Readable, limit: number | undefined): Readable {
  if (limit === undefined) return source;
  let left = limit;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const piece = chunk.subarray(0, left);
      left -= piece.length;
      if (piece.length > 0) this.push(piece);
      if (left === 0) {
        source.unpipe(this);
        this.end();
      }
      done();
    },
  });
  source.on('error', (error) => limited.destroy(error));
  limited.on('close', () => source.destroy());
  return source.pipe(limited);
}
