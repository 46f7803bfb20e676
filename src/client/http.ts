import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { RegistrarError } from '../model/errors.js';
import type { Address } from './address.js';
import { ServerError } from './server-error.js';
import { open, textOf } from './transport.js';
import type { Request } from './transport.js';

/** Speaks to one server. Rejects with ServerError, or SERVER_UNREACHABLE when nothing answers. */
export interface Client {
  readonly address: Address;
  /** The parsed JSON of a successful answer. */
  json(request: Request): Promise<unknown>;
  /** The body of a successful answer as it comes; ends or fails with the signal. */
  stream(request: Request): Promise<IncomingMessage>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function failure(response: IncomingMessage): Promise<ServerError> {
  const text = await textOf(response);
  const body = parse(text);
  const http = response.statusCode ?? 0;
  if (typeof body === 'object' && body !== null) return new ServerError(http, body);
  const message = text.trim().slice(0, 500);
  return new ServerError(http, message === '' ? {} : { message });
}

/** Texts of `Warning: 299 - "text"` headers. */
export function warningsOf(headers: readonly string[]): string[] {
  const quoted = headers.flatMap((header) => [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)]);
  return quoted.map(([, text = '']) => text.replace(/\\(.)/g, '$1'));
}

/** How often a request is sent again when the server asks for that. */
const MAX_RETRIES = 5;
const LONGEST_PAUSE_MS = 30_000;

/** How long the server wants a client to wait before it tries again; undefined for other errors. */
function pauseMs({ http, details }: ServerError): number | undefined {
  const { retryAfterSeconds } = details;
  if (retryAfterSeconds === undefined || (http !== 429 && http !== 503)) return undefined;
  return Math.min(retryAfterSeconds * 1_000, LONGEST_PAUSE_MS);
}

/** A client of one server; `onWarning` gets what the server wants people to read. */
export function createClient(address: Address, onWarning: (text: string) => void): Client {
  const answer = async (request: Request, retries = MAX_RETRIES): Promise<IncomingMessage> => {
    const response = await open(address, request);
    warningsOf(response.headersDistinct['warning'] ?? []).forEach(onWarning);
    const { statusCode = 0 } = response;
    if (statusCode >= 200 && statusCode <= 299) return response;
    const error = await failure(response);
    const delayMs = retries > 0 ? pauseMs(error) : undefined;
    if (delayMs === undefined) throw error;
    await sleep(delayMs, undefined, request.signal ? { signal: request.signal } : {});
    return answer(request, retries - 1);
  };
  return {
    address,
    stream: (request) => answer(request),
    json: async (request) => {
      const response = await answer(request);
      const body = parse(await textOf(response));
      if (body !== undefined) return body;
      throw new RegistrarError(
        'INTERNAL',
        `${address.url} did not answer with JSON; check that it is a Registrar server`,
      );
    },
  };
}
