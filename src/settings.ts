/** Everything a person can choose about a daemon. */
export interface Settings {
  /** Folder of manifests that is watched. */
  readonly configDir: string;
  /** Folder of the database, the socket and the token. */
  readonly dataDir: string;
  /** TCP port of the API. */
  readonly port: number;
  /** Address the API listens on. */
  readonly host: string;
  /** `unix:///path` or `tcp://host:port`; the usual sockets when undefined. */
  readonly dockerHost: string | undefined;
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What holds when nothing is said. */
export const DEFAULT_SETTINGS: Settings = {
  configDir: 'config',
  dataDir: 'data',
  port: 7878,
  host: '127.0.0.1',
  dockerHost: undefined,
  logLevel: 'info',
};
