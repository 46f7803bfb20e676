import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What befalls the layers that go through. */
export type Mischief = 'none' | 'cut' | 'stall' | 'tamper';

/** Stands between an engine and a registry. */
export interface RegistryProxy {
  /** `127.0.0.1:port`. */
  readonly address: string;
  mischief: Mischief;
  /** Layers that were asked for. */
  readonly asked: number;
}

const isLayer = ({ method, url = '' }: IncomingMessage): boolean =>
  method === 'GET' && /\/blobs\/sha256:/.test(url);

/** A proxy before a registry, closed after the test. It begins without mischief. */
export async function registryProxy(registry: string): Promise<RegistryProxy> {
  const state = { address: '', mischief: 'none' as Mischief, asked: 0 };
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = request(`http://${registry}${url}`, { method, headers }, (answer) => {
      const mischief = isLayer(incoming) ? state.mischief : 'none';
      if (isLayer(incoming)) state.asked += 1;
      void MISCHIEF[mischief](answer, outgoing);
    });
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  state.address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

function forward(answer: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(outgoing);
}

/** Sends the first half of the body, then does `next`. */
const halfway =
  (next: (outgoing: ServerResponse) => void) =>
  async (answer: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    const body = await bodyOf(answer);
    outgoing.write(body.subarray(0, body.length / 2), () => next(outgoing));
  };

const MISCHIEF: Readonly<
  Record<Mischief, (answer: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>>
> = {
  none: forward,
  cut: halfway((outgoing) => outgoing.destroy()),
  stall: halfway(() => undefined),
  tamper: async (answer, outgoing) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    outgoing.end((await bodyOf(answer)).fill(0, 100, 110));
  },
};

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
