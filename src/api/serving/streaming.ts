import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';

/**
 * Takes the answer out of the framework's hands and sends its head at once: clients wait for it
 * before they wait for anything else. `onClose` is called when the connection is closed, also when
 * it is already.
 */
export function beginStream(reply: FastifyReply, contentType: string, onClose: () => void): void {
  const { raw } = reply;
  const headers = { ...(reply.getHeaders() as OutgoingHttpHeaders), 'content-type': contentType };
  reply.hijack();
  raw.on('close', onClose);
  // A write can meet a connection that is just being closed; 'close' follows.
  raw.on('error', () => raw.destroy());
  if (raw.destroyed) onClose();
  raw.writeHead(200, headers);
  raw.flushHeaders();
}
