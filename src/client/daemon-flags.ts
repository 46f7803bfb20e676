import { integer, string } from '@oclif/core/flags';
import { DEFAULT_SETTINGS } from '../settings.js';

/** Where a daemon has what it works with: for the daemon, and for those who look after it. */
export const daemonFlags = {
  'config-dir': string({
    env: 'REGISTRAR_CONFIG_DIR',
    default: DEFAULT_SETTINGS.configDir,
    helpValue: '<folder>',
    summary: 'Folder of manifests to watch',
  }),
  'data-dir': string({
    env: 'REGISTRAR_DATA_DIR',
    default: DEFAULT_SETTINGS.dataDir,
    helpValue: '<folder>',
    summary: 'Folder for the database, the socket, the token and the certificates',
  }),
  host: string({
    env: 'REGISTRAR_HOST',
    default: DEFAULT_SETTINGS.host,
    helpValue: '<address>',
    summary: 'IP address of this machine for the API; 0.0.0.0 for all',
  }),
  port: integer({
    env: 'REGISTRAR_PORT',
    default: DEFAULT_SETTINGS.port,
    min: 0,
    max: 65_535,
    helpValue: '<number>',
    summary: 'TCP port of the API; 0 for any free one',
  }),
  'docker-host': string({
    env: 'DOCKER_HOST',
    helpValue: '<url>',
    summary: 'Docker Engine, unix:///PATH or tcp://HOST:PORT; the usual sockets when not given',
  }),
  'kek-command': string({
    env: 'REGISTRAR_KEK_COMMAND',
    helpValue: '<json>',
    summary:
      'Program and arguments, such as ["pass","kek"], that print the key of Secrets in base64; no shell runs them. Or set REGISTRAR_KEK to the key; a file of the data directory when neither is given',
  }),
};
