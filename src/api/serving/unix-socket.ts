import { chmod, lstat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { RegistrarError } from '../../model/errors.js';
import { startServer } from './http-listener.js';
import { markLocal } from './local-socket.js';

/** Longest path that every system takes for a socket (104 on some), in bytes. */
export const MAX_SOCKET_PATH = 100;

/**
 * Lets a server listen on a socket file that only its owner can use. A file that is left from a
 * process that is gone is replaced. ADDRESS_UNUSABLE when somebody answers on it or it is no socket.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  await removeStale(path);
  server.on('connection', markLocal);
  // Between the creation of the file and chmod nobody else may connect.
  const umask = process.umask(0o177);
  const started = startServer(server, { path });
  process.umask(umask);
  await started.catch((cause: unknown) => {
    throw unusable(path, `cannot be made: ${String(cause)}`, cause);
  });
  await chmod(path, 0o600);
}

async function removeStale(path: string): Promise<void> {
  const file = await lstat(path).catch(() => undefined);
  if (file === undefined) return;
  if (!file.isSocket())
    throw unusable(path, 'is not a socket: remove it or choose another data directory');
  if (await answers(path)) throw unusable(path, 'is used by another process: stop that one first');
  await unlink(path);
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', () => settle(true));
    socket.on('error', () => settle(false));
  });

const unusable = (path: string, problem: string, cause?: unknown): RegistrarError =>
  new RegistrarError('ADDRESS_UNUSABLE', `Socket "${path}" ${problem}`, { cause });
