import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request as send } from 'node:https';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** Where a server is and what it takes to be let in. */
export interface Connection {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** Certificate of its authority, PEM. */
  readonly ca: string;
  readonly token: string;
}

export interface WireRequest {
  /** Besides Authorization; one that is undefined is not sent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as it is; an object as JSON. */
  readonly body?: string | Buffer | object;
}

export interface WireAnswer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The answer as JSON; what a test reads of it is what it asserts. */
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

/** An event of a watch. */
export interface WireEvent {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly object: any;
}

const bytesOf = (body: WireRequest['body']): string | Buffer | undefined =>
  typeof body === 'object' && !Buffer.isBuffer(body) ? JSON.stringify(body) : body;

/** Sends a request, with nothing in its head that the test did not write but what HTTP needs. */
export function open(
  { url, ca, token }: Connection,
  method: string,
  path: string,
  { headers = {}, body }: WireRequest = {},
): Promise<IncomingMessage> {
  const payload = bytesOf(body);
  const length = payload === undefined ? undefined : String(Buffer.byteLength(payload));
  const usual = { authorization: `Bearer ${token}`, accept: 'application/json' };
  const all = { ...usual, 'content-length': length, ...headers };
  const sent = Object.entries(all).filter(([, value]) => value !== undefined);
  return new Promise((resolve, reject) => {
    const request = send(
      `${url}${path}`,
      { method, headers: Object.fromEntries(sent), ca, agent: false },
      resolve,
    );
    request.on('error', reject);
    request.end(payload);
  });
}

/** Sends a request and reads the whole answer. */
export async function ask(
  connection: Connection,
  method: string,
  path: string,
  request: WireRequest = {},
): Promise<WireAnswer> {
  const response = await open(connection, method, path, request);
  const body = await text(response);
  return {
    code: response.statusCode ?? 0,
    headers: response.headers,
    text: body,
    json: response.headers['content-type']?.startsWith('application/json') ? parsed(body) : {},
  };
}

const parsed = (body: string): unknown => (body === '' ? undefined : JSON.parse(body));

/** The events of a watch as they come, until the server ends it or the reader has enough. */
export async function* watch(
  connection: Connection,
  path: string,
  request: WireRequest = {},
): AsyncGenerator<WireEvent, void, void> {
  const response = await open(connection, 'GET', path, request);
  if (response.statusCode !== 200) throw new Error(await text(response));
  try {
    for await (const line of createInterface({ input: response })) {
      yield JSON.parse(line) as WireEvent;
    }
  } finally {
    response.destroy();
  }
}

/** All events of a watch that ends by itself. */
export async function watched(
  connection: Connection,
  path: string,
  request: WireRequest = {},
): Promise<WireEvent[]> {
  const events: WireEvent[] = [];
  for await (const event of watch(connection, path, request)) events.push(event);
  return events;
}
