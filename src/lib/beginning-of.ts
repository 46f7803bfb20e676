import type { Readable } from 'node:stream';
import type { Clock } from './clock.js';
import { limitBytes } from './limit-bytes.js';

/** How much of a stream is read, and how long it may take. */
export interface Patience {
  readonly maxBytes: number;
  readonly milliseconds: number;
  readonly clock: Pick<Clock, 'after'>;
}

/** As much of a stream of text as comes in time; what came before it broke off counts, too. */
export async function beginningOf(
  stream: Readable,
  { maxBytes, milliseconds, clock }: Patience,
): Promise<string> {
  const limited = limitBytes(stream, maxBytes);
  const cancel = clock.after(milliseconds, () => limited.destroy());
  const pieces: Buffer[] = [];
  try {
    for await (const piece of limited) pieces.push(Buffer.from(piece as Buffer));
  } catch {
    // What came before is all there is.
  } finally {
    cancel();
  }
  return Buffer.concat(pieces).toString();
}
