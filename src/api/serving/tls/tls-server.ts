import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { CertificateSource, CertifiedKey } from './certified-key.js';
import { tellPlainHttp } from './plain-http.js';

/** Of those of TLS 1.2 only what encrypts and authenticates in one, with keys that are forgotten. */
const CIPHERS = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE+AESGCM', 'ECDHE+CHACHA20'],
].join(':');

const optionsOf = ({ certificate, key }: CertifiedKey): TlsOptions => ({
  ...{ cert: certificate, key, minVersion: 'TLSv1.2', ciphers: CIPHERS },
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
