import { boolean, option, string } from '@oclif/core/flags';
import { LocalCommand } from '../client/base-command.js';
import { daemonFlags, floorBy } from '../client/daemon-flags.js';
import { gitBy, gitFlags } from '../client/git-flags.js';
import { kekBy } from '../client/kek-settings.js';
import { DEFAULT_ROLE_CLAIM, DEFAULT_USERNAME_CLAIM } from '../model/oidc-settings.js';
import type { OidcSettings } from '../model/oidc-settings.js';
import { DEFAULT_SETTINGS, LOG_LEVELS } from '../settings.js';
import type { Settings, TlsSettings } from '../settings.js';

export default class Daemon extends LocalCommand {
  static override summary = 'Runs the control plane until it is told to stop';
  static override description =
    'Watches the manifests of a folder, serves the API on a socket in the data directory and with ' +
    'TLS on a TCP port, and keeps the containers as they are declared. Logs JSON lines on standard ' +
    'error. The containers go on when it stops.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --config-dir /etc/registrar --data-dir /var/lib/registrar',
  ];
  static override usage = '<%= command.id %>';
  static override flags = {
    ...daemonFlags,
    'tls-san': string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: '<name>',
      summary: 'DNS name or IP address that the certificate is for too; may be repeated',
    }),
    'tls-cert': string({
      env: 'REGISTRAR_TLS_CERT',
      dependsOn: ['tls-key'],
      exclusive: ['tls-san'],
      helpValue: '<file>',
      summary:
        'Certificate chain in PEM to serve with, in place of an own one; read when it changes',
    }),
    'tls-key': string({
      env: 'REGISTRAR_TLS_KEY',
      dependsOn: ['tls-cert'],
      helpValue: '<file>',
      summary: 'Private key of that certificate, in PEM',
    }),
    http: boolean({
      exclusive: ['tls-san', 'tls-cert', 'tls-key'],
      summary: 'Plain HTTP on the port, without TLS; on a loopback address only',
    }),
    'oidc-issuer': string({
      env: 'REGISTRAR_OIDC_ISSUER',
      dependsOn: ['oidc-audience'],
      helpGroup: 'OIDC',
      helpValue: '<url>',
      summary: 'Issuer whose tokens are taken too, https or on a loopback address',
    }),
    'oidc-audience': string({
      env: 'REGISTRAR_OIDC_AUDIENCE',
      dependsOn: ['oidc-issuer'],
      helpGroup: 'OIDC',
      helpValue: '<text>',
      summary: 'What its tokens must be made for',
    }),
    'oidc-username-claim': string({
      default: DEFAULT_USERNAME_CLAIM,
      helpGroup: 'OIDC',
      helpValue: '<claim>',
      summary: 'Claim with the name; "oidc:" is put before it',
    }),
    'oidc-role-claim': string({
      default: DEFAULT_ROLE_CLAIM,
      helpGroup: 'OIDC',
      helpValue: '<claim>',
      summary: 'Claim with the role: viewer, operator or admin',
    }),
    'oidc-modules-claim': string({
      dependsOn: ['oidc-issuer'],
      helpGroup: 'OIDC',
      helpValue: '<claim>',
      summary: 'Claim with the modules that an operator may change; all when not given',
    }),
    ...gitFlags,
    'secrets-dir': string({
      env: 'REGISTRAR_SECRETS_DIR',
      default: DEFAULT_SETTINGS.secretsDir,
      helpValue: '<folder>',
      summary: 'Folder in memory for the files of Secrets that modules mount; made when needed',
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
      host: flags.host,
      http: flags.http,
      tls: { names: flags['tls-san'] ?? [], given: givenBy(flags) },
      oidc: oidcBy(flags),
      dockerHost: flags['docker-host'],
      diskFloorBytes: floorBy(flags['disk-floor']),
      git: gitBy(flags),
      kek: kekBy(flags['kek-command'], process.env),
      secretsDir: flags['secrets-dir'],
      logLevel: flags['log-level'],
    };
    await runDaemon(settings, this.config.version);
  }
}

function givenBy(flags: {
  'tls-cert': string | undefined;
  'tls-key': string | undefined;
}): TlsSettings['given'] {
  const { 'tls-cert': certificateFile, 'tls-key': keyFile } = flags;
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  return { certificateFile, keyFile };
}

function oidcBy(flags: {
  'oidc-issuer': string | undefined;
  'oidc-audience': string | undefined;
  'oidc-username-claim': string;
  'oidc-role-claim': string;
  'oidc-modules-claim': string | undefined;
}): OidcSettings | undefined {
  const { 'oidc-issuer': issuer, 'oidc-audience': audience } = flags;
  if (issuer === undefined || audience === undefined) return undefined;
  return {
    ...{ issuer, audience, usernameClaim: flags['oidc-username-claim'] },
    ...{ roleClaim: flags['oidc-role-claim'], modulesClaim: flags['oidc-modules-claim'] },
  };
}
