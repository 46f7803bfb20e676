import { isIP } from 'node:net';
import type { Server } from 'node:http';
import { isLoopback } from '../../lib/loopback.js';
import { printable } from '../../lib/printable.js';
import { RegistrarError } from '../../model/errors.js';
import { startServer } from './http-listener.js';

/**
 * The IP address to listen on. ADDRESS_UNUSABLE for what is none, and for one that others can reach
 * when requests are not encrypted.
 */
export function bindAddress(host: string, scheme: 'http' | 'https'): string {
  const literal = host === 'localhost' ? '127.0.0.1' : host;
  if (isIP(literal) === 0)
    throw refuse(host, 'write an IP address of this machine, such as 127.0.0.1');
  if (scheme === 'https' || isLoopback(literal)) return literal;
  throw refuse(
    host,
    'without TLS only a loopback address such as 127.0.0.1 is safe; leave out --http, or listen there',
  );
}

/** Lets a server listen. ADDRESS_UNUSABLE says what is in the way and what to do. */
export async function startOnPort(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  await startServer(server, { host, port }).catch((cause: NodeJS.ErrnoException) => {
    const problem = PROBLEMS[cause.code ?? ''] ?? `${String(cause)}; check --host and --port`;
    const message = `Cannot listen on ${hostAndPort(host, port)}: ${problem}`;
    throw new RegistrarError('ADDRESS_UNUSABLE', message, { cause });
  });
}

/** As it stands in a URL. */
export const hostAndPort = (host: string, port: number): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;

const PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; choose another with --port',
  EACCES: 'this user may not use the port; choose one from 1024 with --port',
  EADDRNOTAVAIL: 'this machine has no such address; choose another with --host',
};

const refuse = (host: string, remedy: string): RegistrarError =>
  new RegistrarError('ADDRESS_UNUSABLE', `Cannot listen on "${printable(host)}": ${remedy}`);
