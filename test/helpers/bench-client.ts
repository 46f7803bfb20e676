import { Agent, request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';
import { BENCH_TOKEN } from './bench-process.js';

const HOST = '127.0.0.1';

export const MODULES = '/apis/registrar.synapsis.network/v1/modules';

/** Speaks to the API of a process under measurement. Its connections end with the test. */
export class BenchClient {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(private readonly port: number) {
    onTestFinished(() => this.#agent.destroy());
  }

  /** Changes the spec of a module; resolves to its JSON when that is stored. */
  async change(name: string, spec: object): Promise<string> {
    const body = JSON.stringify({ spec });
    const answer = await this.#send('PATCH', `${MODULES}/${name}`, body);
    const json = await text(answer);
    expect(answer.statusCode, json).toBe(200);
    return json;
  }

  /** Opens a watch of all modules from now on; calls `onLine` with each line of it. */
  async watch(onLine: (line: string) => void): Promise<void> {
    const answer = await this.#send('GET', `${MODULES}?watch=true&sendInitialEvents=false`);
    expect(answer.statusCode).toBe(200);
    let rest = '';
    answer.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = `${rest}${chunk}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    });
    onTestFinished(() => void answer.destroy());
  }

  /** Opens a watch and never reads of it. */
  async watchWithoutReading(): Promise<Socket> {
    const socket = createConnection(this.port, HOST);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    socket.pause().on('error', () => undefined);
    const head = `GET ${MODULES}?watch=true&sendInitialEvents=false HTTP/1.1`;
    socket.write(`${head}\r\nHost: x\r\nAuthorization: Bearer ${BENCH_TOKEN}\r\n\r\n`);
    return socket;
  }

  #send(method: string, path: string, body = ''): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = request({
        ...{ agent: this.#agent, host: HOST, port: this.port, method, path },
        headers: {
          authorization: `Bearer ${BENCH_TOKEN}`,
          'content-type': 'application/merge-patch+json',
          'content-length': Buffer.byteLength(body),
        },
      });
      sent.on('response', resolve).on('error', reject).end(body);
    });
  }
}
