import { DEFAULT_SECRETS_DIR } from './model/data-files.js';
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
  /** Nothing new is made while less is free on the disks of the engine and the data directory. */
  readonly diskFloorBytes: number;
  readonly git: GitSettings;
  /** Where the key is that the values of Secrets are under; a file of the data directory if undefined. */
  readonly kek: KekSettings | undefined;
  /** Folder in memory for the files of Secrets that containers mount. */
  readonly secretsDir: string;
  readonly logLevel: LogLevel;
}

/** How private repositories are fetched. */
export interface GitSettings {
  /** Authorities in PEM that are trusted for https, in place of those of the system. */
  readonly caFile?: string;
  /** Private key for ssh, such as a deploy key. */
  readonly sshKeyFile?: string;
  /** Keys of the hosts that ssh may talk to. */
  readonly knownHostsFile?: string;
}

/** Keys that others keep: in base64, the newest first. */
export type KekSettings =
  | { readonly kind: 'variable'; readonly name: string; readonly keys: string }
  | { readonly kind: 'command'; readonly argv: readonly [program: string, ...args: string[]] };

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
  diskFloorBytes: 1024 ** 3,
  git: {},
  kek: undefined,
  secretsDir: DEFAULT_SECRETS_DIR,
  logLevel: 'info',
};
