import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AnyKind } from '../../kinds/registered.js';
import type { ApiDeps } from '../deps.js';
import type { Load } from '../load.js';
import type { ReadMemory } from './read-memory.js';

/** What the handlers of one kind share. */
export interface KindContext {
  readonly deps: ApiDeps;
  readonly load: Load;
  readonly definition: AnyKind;
  readonly memory: ReadMemory;
}

/** Name of the object in the path of a request. */
export function nameOf(request: FastifyRequest): string {
  return (request.params as { name?: string }).name ?? '';
}

/** Namespace in the path of a request; undefined for all namespaces and for cluster-scoped kinds. */
export function namespaceOf(request: FastifyRequest): string | undefined {
  return (request.params as { namespace?: string }).namespace;
}

/** Answers with JSON text that exists already. */
export function sendJson(reply: FastifyReply, code: number, json: string | Buffer): FastifyReply {
  return reply.code(code).type('application/json').send(json);
}

/** Tells a client what was wrong but accepted, as kubectl prints it. */
export function sendWarnings(reply: FastifyReply, warnings: readonly string[]): void {
  if (warnings.length === 0) return;
  reply.header(
    'warning',
    warnings.slice(0, MAX_WARNINGS).map((text) => `299 - "${headerText(text)}"`),
  );
}

/** Most warnings in one answer, so that its header stays small. */
const MAX_WARNINGS = 20;

const headerText = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
