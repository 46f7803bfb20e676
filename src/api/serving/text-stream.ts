import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../../lib/log.js';
import type { Load } from '../load.js';
import { beginStream } from './streaming.js';

interface TextStream {
  readonly lines: Readable;
  readonly load: Load;
  readonly log: Log;
}

/**
 * Answers with text as it comes, at the pace of the client, until the source or the client ends.
 * A source that fails cuts the answer off, so that the client can tell it from a clean end.
 */
export function sendText(
  { lines, load, log }: TextStream,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { raw } = reply;
  const finish = (): void => {
    lines.unpipe(raw);
    lines.destroy();
    raw.end();
  };
  const release = openOrDestroy(lines, () => load.openStream(request, finish));
  lines.on('error', (error) => {
    log.warn({ requestId: request.id, err: error }, 'Log stream failed');
    raw.destroy();
  });
  beginStream(reply, 'text/plain; charset=utf-8', () => {
    release();
    lines.destroy();
  });
  lines.pipe(raw);
}

function openOrDestroy(lines: Readable, open: () => () => void): () => void {
  try {
    return open();
  } catch (error) {
    lines.destroy();
    throw error;
  }
}
