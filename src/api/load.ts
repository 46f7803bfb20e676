import type { FastifyInstance, FastifyRequest } from 'fastify';
import { atTime } from '../lib/clock.js';
import { RegistrarError } from '../model/errors.js';
import type { Identity } from '../model/identity.js';
import { unauthorized } from './access/unauthorized.js';
import type { ApiDeps } from './deps.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whether it counts among those that are being answered. */
    isInFlight: boolean;
  }
}

/** Requests that are being answered at the same time, streams not counted. */
export const MAX_IN_FLIGHT = 400;
/** Watches and logs that are open at the same time. */
export const MAX_STREAMS = 1250;
/** Those of one identity: one that opens all it can leaves some for others. */
export const MAX_STREAMS_OF_ONE = 1000;

const busy = (what: string): RegistrarError =>
  new RegistrarError('TOO_MANY_REQUESTS', `Too many ${what}: try again in a second`, {
    retryAfterSeconds: 1,
  });

const RETIRED = 'the token was revoked or changed: send the request again';

/** Bounds what the server does at once, and knows the streams that must end before it can stop. */
export class Load {
  #inFlight = 0;
  readonly #streams = new Map<() => void, Identity | undefined>();
  readonly #retired = new WeakSet<Identity>();

  constructor(private readonly deps: Pick<ApiDeps, 'clock' | 'shutdown'>) {
    deps.shutdown.addEventListener('abort', () => this.endStreams(), { once: true });
  }

  /** Counts every request of the server while it is answered. */
  watch(server: FastifyInstance): void {
    server.decorateRequest('isInFlight', false);
    server.addHook('onRequest', (request, reply, done) => {
      this.#enter(request);
      // Unlike the framework's own hook this comes also when the client leaves before the answer. It
      // comes once: to say so would keep what is dead in memory, which doubles the cost of a GET.
      reply.raw.on('close', () => this.#leave(request));
      done();
    });
    server.addHook('preClose', async () => this.endStreams());
  }

  /**
   * Counts a request as a stream from now on. `end` is called when the server stops, or when who
   * sent the request may no longer, and must end it; the function that is returned must be called
   * when it has ended.
   */
  openStream(request: FastifyRequest, end: () => void): () => void {
    this.#refuseWhenStopping();
    const { identity } = request;
    this.#refuseWhenFull(identity);
    if (identity !== undefined && this.#retired.has(identity)) throw unauthorized(RETIRED);
    this.#leave(request);
    this.#streams.set(end, identity);
    const stopWaiting = atTime(this.deps.clock, identity?.expiresAtMs, end);
    return () => {
      stopWaiting();
      this.#streams.delete(end);
    };
  }

  endStreams(): void {
    for (const end of [...this.#streams.keys()]) end();
  }

  /** Ends the streams of somebody who is nobody any more, also those that are just being opened. */
  retire(identity: Identity): void {
    this.#retired.add(identity);
    for (const [end, holder] of [...this.#streams]) if (holder === identity) end();
  }

  #enter(request: FastifyRequest): void {
    this.#refuseWhenStopping();
    if (this.#inFlight >= MAX_IN_FLIGHT) throw busy('requests');
    this.#inFlight += 1;
    request.isInFlight = true;
  }

  #leave(request: FastifyRequest): void {
    if (!request.isInFlight) return;
    this.#inFlight -= 1;
    request.isInFlight = false;
  }

  #refuseWhenFull(identity: Identity | undefined): void {
    if (this.#streams.size >= MAX_STREAMS) throw busy('watches and logs');
    // Below that nobody can have too many.
    if (this.#streams.size < MAX_STREAMS_OF_ONE) return;
    const held = [...this.#streams.values()].filter((holder) => holder === identity).length;
    if (held >= MAX_STREAMS_OF_ONE) throw busy('watches and logs of yours');
  }

  #refuseWhenStopping(): void {
    if (!this.deps.shutdown.aborted) return;
    const message = 'Registrar is stopping: try again when it is back';
    throw new RegistrarError('SHUTTING_DOWN', message, { retryAfterSeconds: 1 });
  }
}
