import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { RegistrarError } from '../model/errors.js';
import type { EngineClient } from './client.js';
import { toEngineError } from './errors.js';
import { Frames, STDERR } from './frames.js';
import { integerOf, replyOf, textOf } from './reply.js';
import type { ExecRequest, ExecSession, Output, TerminalSize } from './runtime.js';

/**
 * Keys that nobody presses by accident. With the engine's own (Ctrl-P, Ctrl-Q) a shell in a terminal
 * would not see Ctrl-P before the next key.
 */
const DETACH_KEYS = 'ctrl-^,ctrl-_,ctrl-^';

const MAX_TERMINAL = 65_535;

/** Runs a command in a container that runs; CONTAINER_NOT_RUNNING in another. */
export async function execIn(
  id: string,
  request: ExecRequest,
  client: EngineClient,
): Promise<ExecSession> {
  const { tty } = request;
  const execId = await create(id, request, client);
  const path = `/exec/${execId}/start`;
  const doing = doingIn(id);
  const body = { Detach: false, Tty: tty };
  const connection = await client.duplex({ method: 'POST', path, body, doing });
  // A write can meet a command that ended; reading tells how.
  connection.on('error', () => undefined);
  if (!request.stdin) connection.end();
  return {
    input: connection,
    output: outputOf(connection, tty, (error) => toEngineError(error, doing, client.dockerHost)),
    exitCode: () => exitCodeOf(execId, doing, client),
    resize: (size) => resize(execId, size, client),
    close: () => connection.destroy(),
  };
}

const doingIn = (id: string): string => `run a command in container ${id.slice(0, 12)}`;

/** As the user that the container runs as, and never with more rights than it has. */
async function create(
  id: string,
  { command, stdin, tty }: ExecRequest,
  client: EngineClient,
): Promise<string> {
  const body = {
    ...{ Cmd: command, Tty: tty, Privileged: false, DetachKeys: DETACH_KEYS },
    ...{ AttachStdin: stdin, AttachStdout: true, AttachStderr: !tty },
  };
  const path = `/containers/${id}/exec`;
  const reply = await client.call({ method: 'POST', path, body, doing: doingIn(id) });
  const execId = textOf(replyOf(reply)['Id']);
  if (/^[0-9a-f]{64}$/.test(execId)) return execId;
  throw new RegistrarError('ENGINE_ERROR', `Cannot ${doingIn(id)}: the engine named no command`);
}

/** What the command writes, at the pace of who reads it. Leaving the loop ends the connection. */
async function* outputOf(
  connection: Duplex,
  tty: boolean,
  asOurs: (error: unknown) => RegistrarError,
): AsyncGenerator<Output> {
  const frames = new Frames();
  try {
    for await (const chunk of connection as AsyncIterable<Buffer>) {
      if (tty) yield { source: 'stdout', bytes: chunk };
      else for (const piece of frames.push(chunk)) yield outputIn(piece);
    }
  } catch (error) {
    throw asOurs(error);
  }
}

const outputIn = ({ stream, bytes }: { stream: number; bytes: Buffer }): Output => ({
  source: stream === STDERR ? 'stderr' : 'stdout',
  bytes,
});

/** The engine notes the end of a command a moment after it closes the connection. */
async function exitCodeOf(execId: string, doing: string, client: EngineClient): Promise<number> {
  const call = { method: 'GET', path: `/exec/${execId}/json`, doing } as const;
  for (let pauseMs = 10; pauseMs < client.deadlines.readMs; pauseMs *= 2) {
    const state = replyOf(await client.call(call));
    if (state['Running'] === false) return integerOf(state['ExitCode']);
    await sleep(pauseMs);
  }
  const message = `Cannot ${doing}: the connection ended before the command did`;
  throw new RegistrarError('ENGINE_ERROR', message);
}

/** The engine refuses sizes for a command that is not there yet or not any more. */
async function resize(
  execId: string,
  { width, height }: TerminalSize,
  client: EngineClient,
): Promise<void> {
  const query = { w: columns(width), h: columns(height) };
  const path = `/exec/${execId}/resize`;
  await client.call({ method: 'POST', path, query, doing: 'resize a terminal' });
}

const columns = (count: number): string =>
  String(Math.max(1, Math.min(Math.trunc(count) || 1, MAX_TERMINAL)));
