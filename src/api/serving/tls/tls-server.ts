import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { CertificateSource, CertifiedKey } from './certified-key.js';
import { tellPlainHttp } from './plain-http.js';

const optionsOf = ({ certificate, key }: CertifiedKey): TlsOptions => ({
  ...{ cert: certificate, key, minVersion: 'TLSv1.2' },
});

/**
 * An HTTPS server, not listening yet, that shows the newest certificate of its source to each new
 * connection. A handshake that fails ends without a word: there is nothing to say it with.
 */
export function createTlsServer(
  limits: ServerOptions & { readonly handshakeTimeout: number },
  handle: RequestListener,
  certificates: CertificateSource,
): Server {
  const server = createServer({ ...limits, ...optionsOf(certificates.current) }, handle);
  server.on('listening', () => {
    const unfollow = certificates.follow((next) => server.setSecureContext(optionsOf(next)));
    server.once('close', unfollow);
  });
  // In place of the framework's own, which takes these for requests that cannot be read.
  server.removeAllListeners('tlsClientError');
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  tellPlainHttp(server, limits.handshakeTimeout);
  return server;
}
