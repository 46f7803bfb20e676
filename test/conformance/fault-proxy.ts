import { createServer, request as forward } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { aTrust } from './trust.js';
import type { Connection } from './wire.js';

/** An answer that the server behind did not give. */
export interface Fault {
  readonly code: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

interface Planned {
  readonly match: RegExp;
  readonly fault: Fault;
}

/** Stands between a client and a server, and does what servers and networks sometimes do. */
export class FaultProxy {
  /** Requests so far, as `GET /path?query`. */
  readonly requests: string[] = [];
  readonly #planned: Planned[] = [];
  readonly #server: Connection;
  #watchSeconds: number | undefined;

  constructor(server: Connection) {
    this.#server = server;
  }

  /** Gives these answers to the next requests that match, one each. */
  answer(match: RegExp, ...faults: readonly Fault[]): void {
    this.#planned.push(...faults.map((fault) => ({ match, fault })));
  }

  /** From now on the server ends every watch after that time. */
  shortenWatches(seconds: number): void {
    this.#watchSeconds = seconds;
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const line = `${request.method} ${request.url}`;
    this.requests.push(line);
    const index = this.#planned.findIndex(({ match }) => match.test(line));
    const [planned] = index < 0 ? [] : this.#planned.splice(index, 1);
    if (planned === undefined) this.#passOn(request, response);
    else send(planned.fault, response);
  }

  #passOn(request: IncomingMessage, response: ServerResponse): void {
    const { url, ca } = this.#server;
    const { method, headers } = request;
    const there = forward(`${url}${this.#pathOf(request)}`, { method, headers, ca }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    request.pipe(there);
    response.on('close', () => there.destroy());
    there.on('error', () => response.destroy());
  }

  #pathOf({ url = '' }: IncomingMessage): string {
    const isWatch = /[?&]watch=/.test(url);
    return isWatch && this.#watchSeconds ? `${url}&timeoutSeconds=${this.#watchSeconds}` : url;
  }
}

function send({ code, headers, body }: Fault, response: ServerResponse): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers });
  response.end(`${JSON.stringify(body)}\n`);
}

/** A proxy before a server, and how to connect to it; closed after the test. */
export async function faultProxy(
  server: Connection,
): Promise<{ proxy: FaultProxy; connection: Connection }> {
  const { certificates, ca } = await aTrust();
  const proxy = new FaultProxy(server);
  const { certificate, key } = certificates.current;
  const listener = createServer({ cert: certificate, key }, (...args) => proxy.handle(...args));
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    listener.closeAllConnections();
    listener.close();
  });
  const { port } = listener.address() as AddressInfo;
  return { proxy, connection: { url: `https://127.0.0.1:${port}`, ca, token: server.token } };
}

/** A Status of a failure. */
export const failure = (code: number, reason: string, more: object = {}): object => ({
  ...{ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: reason },
  ...{ reason, code, ...more },
});
