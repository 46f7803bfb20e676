import type { Readable } from 'node:stream';
import type { Modem } from './connect.js';
import { timeoutError } from './errors.js';
import type { RegistryCredentials } from './runtime.js';

/** 304 says that it is so already. */
const STATUS_CODES = { 200: true, 201: true, 204: true, 304: true };
/** A connection that is handed over is not told of in an answer. */
const NONE = {};

/** One HTTP request to the engine. */
export interface EngineCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** Its parts are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** A tar archive, sent instead of a body. */
  readonly archive?: Buffer | Readable;
  /** Of the registry that the engine is to talk to; never part of an error. */
  readonly credentials?: RegistryCredentials;
  /** Resolve to the answer as a stream. */
  readonly isStream?: boolean;
  /** Resolve to the connection itself, for both directions. */
  readonly isDuplex?: boolean;
  /** Completes "Cannot …" in an error. */
  readonly doing: string;
}

/**
 * Sends a call. Rejects with docker-modem's error, or with ENGINE_TIMEOUT when there is no answer
 * (for a stream: no beginning of one) in time; then, and when `signal` aborts, the request ends.
 * The deadline does not depend on docker-modem's callback, which is not called for an answer that
 * stops half-way.
 */
export function dial(
  modem: Modem,
  call: EngineCall,
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<unknown> {
  const abort = new AbortController();
  const ended = signal === undefined ? abort.signal : AbortSignal.any([abort.signal, signal]);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(timeoutError(call.doing, deadlineMs));
      abort.abort();
    }, deadlineMs);
    modem.dial(optionsOf(call, ended), (error, result) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(result);
    });
  });
}

/** docker-modem adds the query only after a question mark, and takes a body out of `_body`. */
function optionsOf(call: EngineCall, abortSignal: AbortSignal): object {
  const { method, path, query = {}, body = {}, archive, isStream, isDuplex = false } = call;
  const { credentials } = call;
  return {
    ...{ method, path: `${path}?`, isStream, abortSignal, hijack: isDuplex },
    statusCodes: isDuplex ? NONE : STATUS_CODES,
    options: { _query: query, _body: body },
    ...(archive === undefined ? {} : { file: archive }),
    ...(credentials && { authconfig: { base64: registryAuth(credentials) } }),
  };
}

/** Value of the header X-Registry-Auth: engines ignore one without padding, and ask as nobody. */
function registryAuth({ username, password }: RegistryCredentials): string {
  const encoded = Buffer.from(JSON.stringify({ username, password })).toString('base64');
  return encoded.replaceAll('+', '-').replaceAll('/', '_');
}
