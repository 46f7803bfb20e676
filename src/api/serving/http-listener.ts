import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { ListenOptions } from 'node:net';
import { refuseConnection } from './malformed-request.js';

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

/** An HTTP server with our limits, not listening yet. Its time limits are for requests, not answers. */
export function createHttpServer(handle: RequestListener, requestTimeoutMs: number): Server {
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, requestTimeoutMs),
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    handle,
  );
  server.maxConnections = MAX_CONNECTIONS;
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
  const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(grace);
}
