import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { dockerHost } from './engine.js';

const REQUEST_LINE = /^[A-Z]+ \S+ HTTP\/1\.1\r\n/;

interface Pair {
  readonly client: Socket;
  readonly engine: Socket;
  /** The answer of the request under way is to be lost. */
  losing: boolean;
  /** The answer of the request under way stays here; called when it is there. */
  keeping: (() => void) | undefined;
}

/** A request that is kept from the engine, or its answer from who asked. */
interface Hold {
  readonly request: RegExp;
  readonly keep: 'request' | 'answer';
  readonly reached: () => void;
}

/** Stands between a runtime and the real engine, and does what networks and engines do. */
export class EngineProxy {
  readonly #folder = mkdtempSync(join(tmpdir(), 'registrar-proxy-'));
  readonly #path = join(this.#folder, 'docker.sock');
  readonly #pairs = new Set<Pair>();
  readonly #lost: RegExp[] = [];
  readonly #holds: Hold[] = [];
  #server: Server | undefined;
  #latencyMs = 0;
  #paused = false;

  /** Address for a runtime. */
  get dockerHost(): string {
    return `unix://${this.#path}`;
  }

  /** Requests that were passed on, as `METHOD /path`. */
  readonly requests: string[] = [];

  /** Connections that are open now. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Answers nothing any more, neither old connections nor new ones. */
  pause(): void {
    this.#paused = true;
    for (const { client, engine } of this.#pairs) [client, engine].forEach((end) => end.pause());
  }

  /** Breaks all connections and refuses new ones. */
  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    for (const pair of this.#pairs) this.#end(pair);
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Works again as at the beginning. */
  async restore(): Promise<void> {
    this.#paused = false;
    this.#latencyMs = 0;
    for (const { client, engine } of this.#pairs) [client, engine].forEach((end) => end.resume());
    if (this.#server === undefined) await this.listen();
  }

  /** The next request whose line matches reaches the engine; its answer does not come back. */
  loseAnswerOf(request: RegExp): void {
    this.#lost.push(request);
  }

  /**
   * The next request whose line matches never reaches the engine, or it does and its answer stays
   * here; resolves when it has come so far.
   */
  holdNext(request: RegExp, keep: Hold['keep']): Promise<void> {
    return new Promise((reached) => this.#holds.push({ request, keep, reached }));
  }

  /** Every request waits this long first. */
  set latencyMs(latencyMs: number) {
    this.#latencyMs = latencyMs;
  }

  async listen(): Promise<void> {
    rmSync(this.#path, { force: true });
    const server = createServer((client) => this.#accept(client));
    await new Promise<void>((resolve) => server.listen(this.#path, resolve));
    this.#server = server;
  }

  async close(): Promise<void> {
    await this.cut();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #accept(client: Socket): void {
    const pair: Pair = { client, engine: connectToEngine(), losing: false, keeping: undefined };
    this.#pairs.add(pair);
    client.on('data', (data: Buffer) => this.#forward(pair, data));
    pair.engine.on('data', (data: Buffer) => {
      if (pair.losing) this.#end(pair);
      else if (pair.keeping !== undefined) pair.keeping();
      else client.write(data);
    });
    for (const end of [client, pair.engine]) {
      end.on('error', () => undefined).on('close', () => this.#end(pair));
      if (this.#paused) end.pause();
    }
  }

  #forward(pair: Pair, data: Buffer): void {
    const line = REQUEST_LINE.exec(data.toString('latin1'))?.[0].replace(/ HTTP.*\r\n$/, '');
    if (line !== undefined) {
      this.requests.push(line);
      const index = this.#lost.findIndex((request) => request.test(line));
      pair.losing = this.#lost.splice(index, index < 0 ? 0 : 1).length > 0;
      if (this.#isHeld(pair, line)) return;
    }
    if (this.#latencyMs === 0) pair.engine.write(data);
    else setTimeout(() => pair.engine.write(data), this.#latencyMs);
  }

  #isHeld(pair: Pair, line: string): boolean {
    const index = this.#holds.findIndex(({ request }) => request.test(line));
    const [hold] = this.#holds.splice(index, index < 0 ? 0 : 1);
    if (hold?.keep === 'request') hold.reached();
    else pair.keeping = hold?.reached;
    return hold?.keep === 'request';
  }

  #end(pair: Pair): void {
    this.#pairs.delete(pair);
    pair.client.destroy();
    pair.engine.destroy();
  }
}

/** A proxy before the engine of the tests, closed after the test. */
export async function engineProxy(
  atEnd: (cleanUp: () => Promise<void>) => void = onTestFinished,
): Promise<EngineProxy> {
  const proxy = new EngineProxy();
  await proxy.listen();
  atEnd(() => proxy.close());
  return proxy;
}

function connectToEngine(): Socket {
  const host = dockerHost();
  if (host.startsWith('unix://')) return connect(host.slice('unix://'.length));
  const { hostname, port } = new URL(host);
  return connect(Number(port), hostname);
}
