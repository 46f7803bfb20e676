import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** An answer that is made once and stays the same as long as the daemon runs. */
export interface Document {
  readonly body: string | Buffer;
  readonly contentType: string;
  /** SHA-256 of the body, hex in upper case. */
  readonly hash: string;
}

export function documentOf(body: string | Buffer, contentType: string): Document {
  const hash = createHash('sha256').update(body).digest('hex').toUpperCase();
  return { body, contentType, hash };
}

export const jsonDocument = (value: object, contentType = 'application/json'): Document =>
  documentOf(JSON.stringify(value), contentType);

/** Answers with a document, or with 304 to a client that has it already. */
export function sendDocument(
  { body, contentType, hash }: Document,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  reply.headers({ etag: `"${hash}"`, vary: 'Accept' });
  if (isKnown(request.headers['if-none-match'], hash)) return reply.code(304).send();
  return reply.type(contentType).send(body);
}

/** Whether `If-None-Match` names a hash: `"A", W/"B"` or `*`. */
function isKnown(header: string | undefined, hash: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.includes(`"${hash}"`);
}
