import type { AddressInfo } from 'node:net';
import type { RequestListener, Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Log } from '../../lib/log.js';
import { createHttpServer, REQUEST_TIMEOUT_MS, stopServer } from './http-listener.js';
import { bindAddress, startOnPort } from './tcp-port.js';
import type { CertificateSource } from './tls/certified-key.js';
import { listenOnSocket, MAX_SOCKET_PATH } from './unix-socket.js';

export interface ListenSettings {
  readonly server: FastifyInstance;
  /** 0 for any free one. */
  readonly port: number;
  /** An IP address of this machine or `localhost`; without certificates a loopback address. */
  readonly host: string;
  /** HTTPS on the port with these, plain HTTP when undefined. */
  readonly certificates?: CertificateSource | undefined;
  readonly socketPath: string;
  readonly log: Log;
  /** Time a client has to send a whole request; 15 seconds when undefined. */
  readonly requestTimeoutMs?: number | undefined;
}

export interface Listening {
  readonly scheme: 'http' | 'https';
  /** An IP address. */
  readonly host: string;
  readonly port: number;
  /** undefined when the path is too long for a socket. */
  readonly socketPath: string | undefined;
  /** Ends watches and logs, waits a little for other requests, and closes all connections. */
  close(): Promise<void>;
}

/**
 * Serves the API on a port, with TLS or on loopback only, and on a unix socket. ADDRESS_UNUSABLE
 * when the host is not fit for that, or the port or the socket is taken.
 */
export async function listen(settings: ListenSettings): Promise<Listening> {
  const { server, log, certificates } = settings;
  const scheme = certificates === undefined ? 'http' : 'https';
  const host = bindAddress(settings.host, scheme);
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
    const tcp = createHttpServer(handle, timeoutMs, certificates);
    await startOnPort(tcp, { host, port: settings.port });
    listeners.push(tcp);
    const unix = createHttpServer(handle, timeoutMs);
    const socketPath = await startOnSocket(unix, settings.socketPath, log);
    if (socketPath !== undefined) listeners.push(unix);
    const { port } = tcp.address() as AddressInfo;
    return { scheme, host, port, socketPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startOnSocket(server: Server, path: string, log: Log): Promise<string | undefined> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    log.warn({ path, limit: MAX_SOCKET_PATH }, 'No unix socket: its path is too long');
    return undefined;
  }
  await listenOnSocket(server, path);
  return path;
}
