import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { BODY_LIMIT } from '../model/body-limit.js';
import { RegistrarError } from '../model/errors.js';
import type { Address } from './address.js';
import { ServerError } from './server-error.js';
import { unreachable } from './unreachable.js';

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Parameters that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** `application/json` unless said. */
  readonly contentType?: string;
  /** What the answer may be; `application/json` unless said. */
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Silence after which a server that should answer counts as gone. */
const ANSWER_TIMEOUT_MS = 60_000;
const MAX_ANSWER_BYTES = 256 * 1024 * 1024;

const pathOf = ({ path, query = {} }: Request): string => {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) parameters.append(key, value);
  }
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
};

const headersOf = (request: Request, payload: string | undefined, token: string | undefined) => ({
  accept: request.accept ?? 'application/json',
  'user-agent': 'registrar',
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(payload === undefined
    ? {}
    : {
        'content-type': request.contentType ?? 'application/json',
        'content-length': Buffer.byteLength(payload),
      }),
});

/** What the server would say; but it hangs up on who sends too much, and its answer can get lost. */
function tooLarge(bytes: number): ServerError {
  const message = `Request entity too large: ${bytes} bytes, the limit is ${BODY_LIMIT}`;
  return new ServerError(413, { reason: 'RequestEntityTooLarge', message });
}

type Send = (options: RequestOptions) => ClientRequest;

/** How to send to a target; what TLS needs is loaded for TLS only. */
async function senderTo({ target }: Address): Promise<Send> {
  if ('socketPath' in target || target.trust === undefined) {
    return (options) => httpRequest({ ...options, ...target });
  }
  const { request } = await import('node:https');
  const { host, port, trust } = target;
  const tls = { rejectUnauthorized: trust.verify, ...(trust.authority && { ca: trust.authority }) };
  return (options) => request({ ...options, host, port, ...tls });
}

/**
 * Sends a request; resolves when the head of the answer is there. SERVER_UNREACHABLE without one,
 * SERVER_UNTRUSTED before anything is sent to a server that may be another one.
 */
export async function open(address: Address, request: Request): Promise<IncomingMessage> {
  const payload = request.body === undefined ? undefined : JSON.stringify(request.body);
  const bytes = Buffer.byteLength(payload ?? '');
  if (bytes > BODY_LIMIT) throw tooLarge(bytes);
  const send = await senderTo(address);
  return new Promise((done, fail) => {
    const outgoing = send({
      method: request.method ?? 'GET',
      path: pathOf(request),
      headers: headersOf(request, payload, address.token),
      agent: false,
      ...(request.signal ? { signal: request.signal } : {}),
    });
    const patience = setTimeout(
      () => outgoing.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)),
      ANSWER_TIMEOUT_MS,
    );
    outgoing.once('close', () => clearTimeout(patience));
    outgoing.once('response', (response) => {
      clearTimeout(patience);
      done(response);
    });
    outgoing.on('error', (error) =>
      fail(request.signal?.aborted ? error : unreachable(address, error)),
    );
    outgoing.end(payload);
  });
}

/** The whole body of an answer. TOO_LARGE when it is that. */
export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new RegistrarError('TOO_LARGE', 'The answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
