import { integer, option, string } from '@oclif/core/flags';
import { LocalCommand } from '../client/base-command.js';
import { DEFAULT_SETTINGS, LOG_LEVELS } from '../settings.js';
import type { Settings } from '../settings.js';

export default class Daemon extends LocalCommand {
  static override summary = 'Runs the control plane until it is told to stop';
  static override description =
    'Watches the manifests of a folder, serves the API on a socket in the data directory and on a ' +
    'TCP port of this machine, and keeps the containers as they are declared. Logs JSON lines on ' +
    'standard error. The containers go on when it stops.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config-dir /etc/registrar --data-dir /var/lib/registrar',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
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
      summary: 'Folder for the database, the socket and the token',
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
    'log-level': option({ options: LOG_LEVELS })({
      default: DEFAULT_SETTINGS.logLevel,
      summary: 'Least important lines that are logged',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Daemon);
    const { runDaemon } = await import('../daemon.js');
    const settings: Settings = {
      configDir: flags['config-dir'],
      dataDir: flags['data-dir'],
      port: flags.port,
      host: DEFAULT_SETTINGS.host,
      dockerHost: flags['docker-host'],
      logLevel: flags['log-level'],
    };
    await runDaemon(settings, this.config.version);
  }
}
