import type { AddressInfo, ListenOptions } from 'node:net';
import { BlockList, isIP } from 'node:net';
import type { RequestListener, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../lib/log.js';
import { RegistrarError } from '../../model/errors.js';
import { createHttpServer, REQUEST_TIMEOUT_MS, startServer, stopServer } from './http-listener.js';
import { listenOnSocket, MAX_SOCKET_PATH } from './unix-socket.js';

export interface ListenSettings {
  readonly server: FastifyInstance;
  /** 0 for any free one. */
  readonly port: number;
  /** A loopback address or `localhost`. */
  readonly host: string;
  readonly socketPath: string;
  readonly log: Log;
  /** Time a client has to send a whole request; 15 seconds when undefined. */
  readonly requestTimeoutMs?: number | undefined;
}

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** undefined when the path is too long for a socket. */
  readonly socketPath: string | undefined;
  /** Ends watches and logs, waits a little for other requests, and closes all connections. */
  close(): Promise<void>;
}

/**
 * Serves the API on a loopback port and on a unix socket. ADDRESS_UNUSABLE when the host is not a
 * loopback address, or the port or the socket is taken.
 */
export async function listen(settings: ListenSettings): Promise<Listening> {
  const { server, log } = settings;
  const address = loopback(settings.host, settings.port);
  await server.ready();
  const timeoutMs = settings.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const handle: RequestListener = (request, response) => server.routing(request, response);
  const listeners: Server[] = [];
  const close = async (): Promise<void> => {
    // The framework's end comes first: it ends the streams that the listeners wait for.
    await server.close();
    await Promise.all(listeners.map(stopServer));
  };
  try {
    const tcp = createHttpServer(handle, timeoutMs);
    await startOnPort(tcp, address);
    listeners.push(tcp);
    const unix = createHttpServer(handle, timeoutMs);
    const socketPath = await startOnSocket(unix, settings.socketPath, log);
    if (socketPath !== undefined) listeners.push(unix);
    const { port } = tcp.address() as AddressInfo;
    return { host: address.host, port, socketPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function loopback(host: string, port: number): { host: string; port: number } {
  const literal = host === 'localhost' ? '127.0.0.1' : host;
  const version = isIP(literal);
  const isLoopback = version !== 0 && LOOPBACK.check(literal, version === 6 ? 'ipv6' : 'ipv4');
  if (isLoopback) return { host: literal, port };
  const message = `Cannot listen on "${host}": without TLS only a loopback address such as 127.0.0.1 is safe`;
  throw new RegistrarError('ADDRESS_UNUSABLE', message);
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

async function startOnPort(server: Server, address: ListenOptions): Promise<void> {
  await startServer(server, address).catch((cause: NodeJS.ErrnoException) => {
    const { host, port } = address;
    const problem = cause.code === 'EADDRINUSE' ? 'the port is in use' : String(cause);
    const message = `Cannot listen on ${host}:${port}: ${problem}; choose another with --port`;
    throw new RegistrarError('ADDRESS_UNUSABLE', message, { cause });
  });
}

async function startOnSocket(server: Server, path: string, log: Log): Promise<string | undefined> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    log.warn({ path, limit: MAX_SOCKET_PATH }, 'No unix socket: its path is too long');
    return undefined;
  }
  await listenOnSocket(server, path);
  return path;
}
