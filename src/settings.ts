import type { OidcSettings } from './model/oidc-settings.js';

/** Everything a person can choose about a daemon. */
export interface Settings {
  /** Folder of manifests that is watched. */
  readonly configDir: string;
  /** Folder of the database, the socket and the token. */
  readonly dataDir: string;
  /** TCP port of the API. */
  readonly port: number;
  /** IP address of this machine that the API listens on, or `localhost`. */
  readonly host: string;
  /** Plain HTTP on the port in place of HTTPS; on a loopback address only. */
  readonly http: boolean;
  readonly tls: TlsSettings;
  /** undefined when no issuer but Registrar itself is trusted. */
  readonly oidc: OidcSettings | undefined;
  /** `unix:///path` or `tcp://host:port`; the usual sockets when undefined. */
  readonly dockerHost: string | undefined;
  readonly logLevel: LogLevel;
}

export interface TlsSettings {
  /** Names and addresses that the server's own certificate is for, besides those of this machine. */
  readonly names: readonly string[];
  /** Files in PEM to serve with in place of certificates of our own. */
  readonly given: { readonly certificateFile: string; readonly keyFile: string } | undefined;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What holds when nothing is said. */
export const DEFAULT_SETTINGS: Settings = {
  configDir: 'config',
  dataDir: 'data',
  port: 7878,
  host: '127.0.0.1',
  http: false,
  tls: { names: [], given: undefined },
  oidc: undefined,
  dockerHost: undefined,
  logLevel: 'info',
};
