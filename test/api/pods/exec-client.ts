import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';
import type { PodWorld } from './pod-world.js';
import { PODS } from './pod-world.js';

export const V5 = 'v5.channel.k8s.io';

/** A command as a client of Kubernetes runs it. */
export class ExecClient {
  /** What came on each channel. */
  readonly channels = new Map<number, Buffer[]>();

  constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const [channel = -1] = data;
      this.channels.set(channel, [...(this.channels.get(channel) ?? []), data.subarray(1)]);
    });
  }

  text(channel: number): string {
    return Buffer.concat(this.channels.get(channel) ?? []).toString();
  }

  send(channel: number, content: string | Buffer): void {
    this.socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(content)]));
  }

  /** Waits for the end; resolves to the Status and the close code. */
  async end(): Promise<{ status: unknown; code: number }> {
    const [code] = (await once(this.socket, 'close')) as [number];
    const text = this.text(3);
    return { status: text === '' ? undefined : (JSON.parse(text) as unknown), code };
  }
}

export interface HowToExec {
  readonly secret: string;
  readonly pod?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  readonly options?: ClientOptions;
}

/** Address of a command in a pod. */
export function execPath(
  command: readonly string[],
  { pod = 'web-0', query = {} }: Partial<HowToExec>,
): string {
  const words = command.map((word): [string, string] => ['command', word]);
  return `${PODS}/${pod}/exec?${new URLSearchParams([...words, ...Object.entries(query)]).toString()}`;
}

function open(url: string, { secret, protocols = [V5], options = {} }: HowToExec): WebSocket {
  const headers = { authorization: `Bearer ${secret}` };
  const socket = new WebSocket(url, [...protocols], { headers, ...options });
  // Also when it is cut off before it is open; who waits for it hears of it all the same.
  socket.on('error', () => undefined);
  onTestFinished(() => socket.terminate());
  return socket;
}

/** Starts a command; rejects when the server refuses. */
export async function startExec(
  { url }: Pick<PodWorld, 'url'>,
  command: readonly string[],
  how: HowToExec,
): Promise<ExecClient> {
  const socket = open(`${url.replace(/^http/, 'ws')}${execPath(command, how)}`, how);
  const client = new ExecClient(socket);
  await once(socket, 'open');
  return client;
}

/** The answer to a request for a command that is refused. */
export async function refusedExec(
  { url }: Pick<PodWorld, 'url'>,
  command: readonly string[],
  how: HowToExec,
): Promise<{ code: number; message: string }> {
  const socket = open(`${url.replace(/^http/, 'ws')}${execPath(command, how)}`, how);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    AsyncIterable<Buffer> & { statusCode: number },
  ];
  let text = '';
  for await (const chunk of response) text += chunk.toString();
  const { message } = JSON.parse(text) as { message: string };
  return { code: response.statusCode, message };
}
