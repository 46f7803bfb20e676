import { integer, string } from '@oclif/core/flags';
import { RegistrarError } from '../model/errors.js';
import { bytesOf } from '../model/limits.js';
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
  'disk-floor': string({
    env: 'REGISTRAR_DISK_FLOOR',
    default: '1Gi',
    helpValue: '<size>',
    summary:
      'Free space below which nothing new is made, such as 512Mi, or a tenth of a small disk; 0 for none',
  }),
};

/** Bytes that `--disk-floor` says; BAD_REQUEST for what is no size. */
export function floorBy(size: string): number {
  const bytes = size === '0' ? 0 : bytesOf(size);
  if (/^\d{1,6}([KMG]i)?$/.test(size) && Number.isFinite(bytes)) return bytes;
  const message = `Cannot read --disk-floor "${size}" as a size; write it like 512Mi or 2Gi, or 0 for none`;
  throw new RegistrarError('BAD_REQUEST', message);
}
