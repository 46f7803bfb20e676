import { once } from 'node:events';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { BENCH_TOKEN } from './bench-process.js';

const HOST = '127.0.0.1';
const END_OF_HEAD = '\r\n\r\n';

/**
 * A connection to a process under measurement that takes one request after another. It reads no more
 * of HTTP than it must, so that the client costs little beside the server. It ends with the test.
 */
export class BenchConnection {
  #received = '';
  #answered: (body: string) => void = () => undefined;
  #failed: (error: Error) => void = () => undefined;

  static async open(port: number): Promise<BenchConnection> {
    const socket = createConnection(port, HOST).setNoDelay().setEncoding('latin1');
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return new BenchConnection(socket);
  }

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: string) => this.#take(chunk));
    socket.on('error', (error) => this.#failed(error));
  }

  /** Sends a merge patch in ASCII; resolves to the body of the answer, rejects when it is not 200. */
  patch(path: string, body: string): Promise<string> {
    const head = [
      `PATCH ${path} HTTP/1.1`,
      `Host: ${HOST}`,
      `Authorization: Bearer ${BENCH_TOKEN}`,
      'Content-Type: application/merge-patch+json',
      `Content-Length: ${body.length}`,
    ];
    this.socket.write(`${head.join('\r\n')}${END_OF_HEAD}${body}`);
    return new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
    });
  }

  #take(chunk: string): void {
    this.#received += chunk;
    const end = this.#received.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received.slice(0, end))?.[1]);
    const body = this.#received.slice(end + END_OF_HEAD.length);
    if (body.length < length) return;
    const isGood = this.#received.startsWith('HTTP/1.1 200 ');
    this.#received = '';
    if (isGood) this.#answered(body);
    else this.#failed(new Error(`It was not answered with 200: ${body}`));
  }
}
