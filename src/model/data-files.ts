/** Files of the data directory that the daemon writes and the command line reads. */

export const SOCKET_FILE = 'registrar.sock';
/** The certificate that clients must know to trust the server, in PEM. */
export const AUTHORITY_FILE = 'tls/ca.crt';
/** Where the daemon listens, a `ListeningNote` in JSON; absent while none runs. */
export const LISTENING_FILE = 'listening.json';

export interface ListeningNote {
  /** What a client on this machine can use, such as `https://127.0.0.1:7878`. */
  readonly url: string;
  /** Whether the certificate is from the authority in the data directory. */
  readonly ownAuthority: boolean;
}

/** Folder of what builds printed. */
export const BUILD_LOG_FOLDER = 'builds';

/** Folder of the packages of published versions. */
export const PACKAGE_FOLDER = 'packages';

/** Where files of Secrets are for containers, unless told otherwise: in memory on every usual host. */
export const DEFAULT_SECRETS_DIR = '/run/registrar';
