import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { SOCKET_FILE } from '../model/data-files.js';
import { RegistrarError } from '../model/errors.js';
import { listeningNote, localAuthority, localToken } from './local-server.js';

/** Whom to believe that it is the server. */
export interface Trust {
  /** Certificates of authorities in PEM; those that Node.js knows when undefined. */
  readonly authority: string | undefined;
  /** Whether a certificate from nobody known is refused. */
  readonly verify: boolean;
}

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
export interface AddressOptions {
  readonly server: string | undefined;
  readonly token: string | undefined;
  readonly dataDir: string;
  /** Path of certificates in PEM. */
  readonly authorityFile?: string | undefined;
  readonly insecure?: boolean;
}

const refuse = (message: string): RegistrarError => new RegistrarError('BAD_REQUEST', message);

/** Names that never leave this machine: a token may go there in clear text. */
const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);

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
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const hasScheme = url?.protocol === 'https:' || url?.protocol === 'http:';
  const usable = hasScheme && url.pathname === '/' && !url.search && !url.username && !url.hash;
  if (usable) return url;
  throw refuse(`Cannot use server "${server}"; write https://HOST:PORT or unix:///PATH`);
}

/**
 * The address to talk to: the socket in the data directory unless a server is named. One on this
 * machine gets the token of the data directory when none is given, and is believed with the
 * authority there. BAD_REQUEST for an address of another form, for a token that would cross a network in
 * clear text, and for an authority that cannot be read.
 */
export async function resolveAddress(options: AddressOptions): Promise<Address> {
  const { server, token, dataDir } = options;
  if (server === undefined) return unixAddress(resolve(dataDir, SOCKET_FILE));
  if (server.startsWith('unix:///')) return unixAddress(server.slice('unix://'.length));

  const { protocol, hostname, port, origin } = parseServer(server);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:') {
    const note = await listeningNote(dataDir);
    const isLocal = isLoopback(hostname) || origin === note?.url;
    const trust = await trustFor(options, isLocal && note?.ownAuthority !== false);
    return {
      ...{ url: origin, target: { host, port: Number(port || 443), trust } },
      token: token ?? (isLocal ? await localToken(dataDir) : undefined),
    };
  }
  if (token !== undefined && !isLoopback(hostname)) throw clearText(origin);
  return {
    ...{ url: origin, target: { host, port: Number(port || 80) } },
    token: token ?? (isLoopback(hostname) ? await localToken(dataDir) : undefined),
  };
}

const clearText = (origin: string): RegistrarError =>
  refuse(
    `Will not send the token to "${origin}": the connection is not encrypted and leaves this machine; ` +
      `use ${origin.replace('http:', 'https:')}`,
  );

async function trustFor(options: AddressOptions, isOurs: boolean): Promise<Trust> {
  const { authorityFile, insecure = false, dataDir } = options;
  if (insecure) return { authority: undefined, verify: false };
  const given = authorityFile === undefined ? undefined : await readAuthority(authorityFile);
  const own = isOurs ? await localAuthority(dataDir) : undefined;
  return { authority: given ?? own, verify: true };
}

/** Certificates in PEM of a file that a person named. BAD_REQUEST when it has none. */
export async function readAuthority(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw refuse(`Cannot read --certificate-authority "${path}": ${error.message}`);
  });
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw refuse(`There is no certificate in PEM in --certificate-authority "${path}"`);
}
