import { resolve } from 'node:path';
import { isLoopback } from '../lib/loopback.js';
import { SOCKET_FILE } from '../model/data-files.js';
import { RegistrarError } from '../model/errors.js';
import { listeningNote, localToken } from './local-server.js';
import { trustFor } from './trust.js';
import type { Trust, TrustOptions } from './trust.js';
import { parseUrl } from '../lib/parse-url.js';

/** Where a server listens and what opens it. */
export interface Address {
  /** As a person would write it; for messages. */
  readonly url: string;
  readonly target:
    | { readonly socketPath: string }
    | { readonly host: string; readonly port: number; readonly trust?: Trust };
  readonly token: string | undefined;
}

/** What the flags and the environment say about the server. */
export interface AddressOptions extends TrustOptions {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly dataDir: string;
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

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

/** The parts of an address on TCP. BAD_REQUEST when it has another form, or a path. */
export function parseServer(server: string): URL {
  const url = parseUrl(server);
  const hasScheme = url?.protocol === 'https:' || url?.protocol === 'http:';
  const usable = hasScheme && url.pathname === '/' && !url.search && !url.username && !url.hash;
  if (usable) return url;
  throw refuse(`Cannot use server "${server}"; write https://HOST:PORT or unix:///PATH`);
}

/**
 * The address to talk to: the socket in the data directory unless a server is named. A server on
 * this machine gets the token of the data directory when none is given, and is believed by the
 * authority there. BAD_REQUEST for an address of another form, for a token that would cross a
 * network in clear text, and for an authority that cannot be read.
 */
export async function resolveAddress(options: AddressOptions): Promise<Address> {
  const { server, dataDir } = options;
  if (server === undefined) return unixAddress(resolve(dataDir, SOCKET_FILE));
  if (server.startsWith('unix:///')) return unixAddress(server.slice('unix://'.length));
  const url = parseServer(server);
  return url.protocol === 'https:' ? tlsAddress(url, options) : plainAddress(url, options);
}

const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

async function tlsAddress(url: URL, options: AddressOptions): Promise<Address> {
  const { token, dataDir } = options;
  const note = await listeningNote(dataDir);
  const isLocal = isLoopback(url.hostname) || url.origin === note?.url;
  const isOurs = isLocal && note?.ownAuthority !== false;
  const trust = await trustFor(options, isOurs ? dataDir : undefined);
  return {
    url: url.origin,
    target: { host: hostOf(url), port: Number(url.port || 443), trust },
    token: token ?? (isLocal ? await localToken(dataDir) : undefined),
  };
}

/** In clear text a token goes to this machine alone. */
async function plainAddress(url: URL, { token, dataDir }: AddressOptions): Promise<Address> {
  const isLocal = isLoopback(url.hostname);
  if (token !== undefined && !isLocal)
    throw refuse(
      `Will not send the token to "${url.origin}": the connection is not encrypted and leaves this ` +
        `machine; use https://${url.host}`,
    );
  return {
    url: url.origin,
    target: { host: hostOf(url), port: Number(url.port || 80) },
    token: token ?? (isLocal ? await localToken(dataDir) : undefined),
  };
}
