import type { Duplex, Readable } from 'node:stream';
import { isRegistrarError } from '../model/errors.js';
import { negotiate } from './api-version.js';
import { connect } from './connect.js';
import { dial } from './dial.js';
import type { EngineCall } from './dial.js';
import { isVersionRefused, toEngineError } from './errors.js';
import { OpaqueAgent } from './opaque-agent.js';
import { replyOf, textOf } from './reply.js';
import type { Reply } from './reply.js';

/** How long each sort of call may take, in milliseconds. */
export interface Deadlines {
  readonly pingMs: number;
  readonly readMs: number;
  /** Creating and removing wait for disks. */
  readonly changeMs: number;
  /** On top of the grace that a stop gives the container. */
  readonly stopMarginMs: number;
}

export const DEADLINES: Deadlines = {
  pingMs: 3_000,
  readMs: 10_000,
  changeMs: 60_000,
  stopMarginMs: 5_000,
};

/** Calls of a sort at once; the controller asks for fewer, this is the brake. */
const MAX_CONNECTIONS = 64;

/**
 * The engine's HTTP interface: each call with a deadline of its own, streams on connections of
 * their own, every failure a RegistrarError, every answer `unknown`.
 */
export class EngineClient {
  readonly dockerHost: string;
  readonly deadlines: Deadlines;
  readonly #reads;
  readonly #changes;
  readonly #streams;
  #version: Promise<string> | undefined;

  /** INVALID for a host that is neither `unix://path` nor `tcp://host:port`. */
  constructor(dockerHost: string, deadlines: Deadlines = DEADLINES) {
    this.dockerHost = dockerHost;
    this.deadlines = deadlines;
    const agent = () => new OpaqueAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
    // Apart, so that many slow stops do not make an engine look as if it were away.
    this.#reads = connect(dockerHost, agent());
    this.#changes = connect(dockerHost, agent());
    this.#streams = connect(dockerHost, new OpaqueAgent());
  }

  /**
   * What the engine says of its version: proof that it answers. On a connection of its own: one that
   * is ending takes its containers down, and answers on old connections to the last.
   */
  async ping(): Promise<Reply> {
    const call = { method: 'GET', path: '/version', doing: 'reach the engine' } as const;
    const answer = dial(this.#streams, call, this.deadlines.pingMs);
    return replyOf(await answer.catch((error: unknown) => this.#fail(error, call)));
  }

  /** API version that is spoken with the engine. */
  version(): Promise<string> {
    this.#version ??= this.#negotiate();
    return this.#version;
  }

  /** Another engine may answer from now on: what version it speaks is asked anew. */
  renew(): void {
    this.#version = undefined;
  }

  /** One call, one answer, parsed when it is JSON. GETs are reads, everything else is a change. */
  async call(call: EngineCall, deadlineMs = this.#deadlineOf(call)): Promise<unknown> {
    const versioned = await this.#versioned(call);
    const modem = call.method === 'GET' ? this.#reads : this.#changes;
    return dial(modem, versioned, deadlineMs).catch((error) => this.#fail(error, call));
  }

  /** Opens a stream; the deadline is for its beginning, then it may be silent for ever. */
  async stream(
    call: EngineCall,
    signal: AbortSignal,
    deadlineMs = this.deadlines.readMs,
  ): Promise<Readable> {
    const versioned = { ...(await this.#versioned(call)), isStream: true };
    const answer = dial(this.#streams, versioned, deadlineMs, signal);
    return (await answer.catch((error) => this.#fail(error, call))) as Readable;
  }

  /**
   * Has a connection handed over, for bytes in both directions; the deadline is for the handing
   * over. It is the caller's to destroy.
   */
  async duplex(call: EngineCall, deadlineMs = this.deadlines.readMs): Promise<Duplex> {
    const versioned = { ...(await this.#versioned(call)), isDuplex: true };
    const answer = dial(this.#streams, versioned, deadlineMs);
    return (await answer.catch((error) => this.#fail(error, call))) as Duplex;
  }

  #deadlineOf({ method }: EngineCall): number {
    return method === 'GET' ? this.deadlines.readMs : this.deadlines.changeMs;
  }

  async #versioned(call: EngineCall): Promise<EngineCall> {
    return { ...call, path: `/v${await this.version()}${call.path}` };
  }

  async #negotiate(): Promise<string> {
    try {
      const { ApiVersion, MinAPIVersion } = await this.ping();
      return negotiate(textOf(ApiVersion), textOf(MinAPIVersion));
    } catch (error) {
      this.#version = undefined;
      throw error;
    }
  }

  /**
   * After a lost connection another engine may answer, which speaks another version. Where systemd
   * keeps the socket, an engine is even replaced without a connection being refused.
   */
  #fail(error: unknown, { doing }: EngineCall): never {
    const failure = toEngineError(error, doing, this.dockerHost);
    const isLost = isRegistrarError(failure, 'ENGINE_UNAVAILABLE');
    if (isLost || isVersionRefused(failure)) this.#version = undefined;
    throw failure;
  }
}
