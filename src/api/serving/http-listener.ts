import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { ListenOptions, Socket } from 'node:net';
import { refuseConnection } from './malformed-request.js';
import { createTlsServer } from './tls/tls-server.js';
import type { CertificateSource } from './tls/certified-key.js';
import { routeUpgrades } from './upgrades.js';

/** Time a client has to send a whole request. */
export const REQUEST_TIMEOUT_MS = 15_000;
/** Time a client has to send the head of a request. */
const HEADERS_TIMEOUT_MS = 10_000;
/** How often both are looked at. */
const CHECK_INTERVAL_MS = 1000;
const KEEP_ALIVE_MS = 65_000;
/** Requests, streams and idle connections together stay far below the limit of open files. */
const MAX_CONNECTIONS = 2000;

/** Time that requests have to end by themselves when the server stops. */
const CLOSE_GRACE_MS = 3000;
const CLOSE_POLL_MS = 20;

/**
 * An HTTP server with our limits, not listening yet; with certificates one of HTTPS. Its time limits
 * are for handshakes and requests, not answers.
 */
export function createHttpServer(
  handle: RequestListener,
  requestTimeoutMs: number,
  certificates?: CertificateSource,
): Server {
  const headersTimeout = Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs);
  const limits = {
    ...{ requestTimeout: requestTimeoutMs, headersTimeout, keepAliveTimeout: KEEP_ALIVE_MS },
    connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
  };
  const server =
    certificates === undefined
      ? createServer(limits, handle)
      : createTlsServer({ ...limits, handshakeTimeout: headersTimeout }, handle, certificates);
  server.maxConnections = MAX_CONNECTIONS;
  noteSockets(server);
  routeUpgrades(server, handle);
  server.on('clientError', refuseConnection);
  return server;
}

/** Resolves when the server accepts connections; rejects with the error of the operating system. */
export function startServer(server: Server, address: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Accepts no more, waits a little for what is being answered, then closes what is left. */
export async function stopServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), CLOSE_POLL_MS);
  const grace = setTimeout(() => endAll(server), CLOSE_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(grace);
}

/** Also connections that are no further than a TLS handshake, which the server does not count. */
function endAll(server: Server): void {
  server.closeAllConnections();
  for (const socket of openSockets.get(server) ?? []) socket.destroy();
}

const openSockets = new WeakMap<Server, ReadonlySet<Socket>>();

function noteSockets(server: Server): void {
  const sockets = new Set<Socket>();
  openSockets.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
}
