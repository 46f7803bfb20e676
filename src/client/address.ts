import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { RegistrarError } from '../model/errors.js';

/** Where a server listens and what opens it. */
export interface Address {
  /** As a person would write it; for messages. */
  readonly url: string;
  readonly target:
    { readonly socketPath: string } | { readonly host: string; readonly port: number };
  readonly token: string | undefined;
}

/** What the flags and the environment say about the server. */
export interface AddressOptions {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly dataDir: string;
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

/** Names that never leave this machine: a token may go there in clear text. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

const readToken = async (dataDir: string): Promise<string | undefined> => {
  const text = await readFile(join(dataDir, 'token'), 'utf8').catch(() => undefined);
  return text?.trim() || undefined;
};

/** Longest path of a socket in bytes that a daemon listens on. */
const MAX_SOCKET_PATH = 100;

function unixAddress(socketPath: string): Address {
  if (Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH)
    return { url: `unix://${socketPath}`, target: { socketPath }, token: undefined };
  throw refuse(
    `The path "${socketPath}" is too long for a socket; use the port of the daemon with --server, ` +
      'or a data directory with a shorter path',
  );
}

function parseHttp(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const usable =
    url?.protocol === 'http:' && url.pathname === '/' && !url.search && !url.username && !url.hash;
  if (url && usable) return url;
  throw refuse(`Cannot use server "${server}"; write http://HOST:PORT or unix:///PATH`);
}

/**
 * The address to talk to: the socket in the data directory unless a server is named. A loopback
 * server gets the token of the data directory when none is given. BAD_REQUEST for an address of
 * another form, and for a token that would cross a network in clear text.
 */
export async function resolveAddress(options: AddressOptions): Promise<Address> {
  const { server, token, dataDir } = options;
  if (server === undefined) return unixAddress(resolve(dataDir, 'registrar.sock'));
  if (server.startsWith('unix:///')) return unixAddress(server.slice('unix://'.length));

  const { hostname, port, origin } = parseHttp(server);
  const loopback = isLoopback(hostname);
  if (token !== undefined && !loopback)
    throw refuse(
      `Will not send the token to "${origin}": the connection is not encrypted and leaves this machine; ` +
        `open a tunnel with "ssh -L 7878:127.0.0.1:7878 ${hostname}" and use --server http://127.0.0.1:7878`,
    );
  return {
    url: origin,
    target: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80) },
    token: token ?? (loopback ? await readToken(dataDir) : undefined),
  };
}
