import type { WebSocket } from 'ws';
import type { ExecSession, Output } from '../../docker/runtime.js';
import { CHANNELS, exitStatus, frame, messageOf } from './exec-channels.js';
import type { Execution } from './exec-query.js';
import { send } from './exec-socket.js';
import { TerminalSizer } from './terminal-sizer.js';

/** What a client and a command are brought together with. */
export interface Meeting {
  readonly client: WebSocket;
  readonly execution: Execution;
  /** Starts the command. */
  readonly start: () => Promise<ExecSession>;
  /** Aborted with the reason when the server ends it. */
  readonly ended: AbortSignal;
  /** The Status that tells a client about a failure. */
  readonly statusOf: (error: unknown) => object;
}

/** Close codes of WebSocket: as meant, and because the server goes away. */
const [NORMAL, GOING_AWAY] = [1000, 1001];

/** Lets a client and a command talk until one of them ends, and tells the client how it ended. */
export async function converse({
  client,
  execution,
  start,
  ended,
  statusOf,
}: Meeting): Promise<void> {
  client.pause();
  // What goes wrong with a connection closes it.
  client.on('error', () => undefined);
  try {
    const code = await talk(client, execution, start, ended);
    await finish(client, exitStatus(code), NORMAL);
  } catch (error) {
    const reason: unknown = ended.aborted ? ended.reason : error;
    await finish(client, statusOf(reason), ended.aborted ? GOING_AWAY : NORMAL);
  }
}

/** Resolves to the exit code. */
async function talk(
  client: WebSocket,
  execution: Execution,
  start: Meeting['start'],
  ended: AbortSignal,
): Promise<number> {
  ended.throwIfAborted();
  const session = await start();
  const close = (): void => session.close();
  client.once('close', close);
  ended.addEventListener('abort', close);
  if (ended.aborted || client.readyState !== client.OPEN) close();
  try {
    listen(client, session);
    await passOn(client, execution, session.output);
    return await session.exitCode();
  } finally {
    ended.removeEventListener('abort', close);
    close();
  }
}

/** What the client says goes to the command, at the pace of the command. */
function listen(client: WebSocket, session: ExecSession): void {
  const { input } = session;
  const sizer = new TerminalSizer((size) => session.resize(size));
  // The command may have ended; its output tells.
  input.on('error', () => undefined);
  input.on('drain', () => client.resume());
  client.on('message', (data) => {
    const message = Buffer.isBuffer(data) ? messageOf(data) : undefined;
    if (message?.kind === 'resize') sizer.set(message.size);
    if (!input.writable) return;
    if (message?.kind === 'endOfInput') input.end();
    if (message?.kind === 'input' && !input.write(message.bytes)) client.pause();
  });
  client.resume();
}

/** What the command writes goes to the client, at the pace of the client. */
async function passOn(
  client: WebSocket,
  wanted: Execution,
  output: AsyncIterable<Output>,
): Promise<void> {
  // As Kubernetes does it: clients learn that the command is there.
  await send(client, frame(CHANNELS[wanted.stdout ? 'stdout' : 'result'], ''));
  for await (const { source, bytes } of output) {
    if (wanted[source]) await send(client, frame(CHANNELS[source], bytes));
  }
}

/** Tells how it ended and closes the connection, if there still is one. */
async function finish(client: WebSocket, status: object, code: number): Promise<void> {
  client.resume();
  if (client.readyState !== client.OPEN) return;
  await send(client, frame(CHANNELS.result, JSON.stringify(status))).catch(() => undefined);
  client.close(code);
}
