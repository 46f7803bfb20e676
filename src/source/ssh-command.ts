import type { RepoUrl } from './repo-url.js';

/** Files of the operator that ssh uses. */
export interface SshFiles {
  /** Private key; without one no login is tried. */
  readonly sshKeyFile?: string;
  /** Keys of hosts; without it those that the machine knows count. */
  readonly knownHostsFile?: string;
}

const CONNECT_SECONDS = 20;

/**
 * The command that git runs for ssh, for a shell. Nothing of the account that runs this process is
 * used: no configuration, no agent, no key but the one that is given.
 */
export function sshCommand({ host, port }: RepoUrl, address: string, files: SshFiles): string {
  const { sshKeyFile, knownHostsFile } = files;
  const options = {
    BatchMode: 'yes',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: optionPath(knownHostsFile ?? '/dev/null'),
    ...(knownHostsFile === undefined ? {} : { GlobalKnownHostsFile: '/dev/null' }),
    IdentityFile: sshKeyFile === undefined ? 'none' : optionPath(sshKeyFile),
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    PreferredAuthentications: 'publickey',
    // The checked address is connected to; its key is still looked up by the name.
    HostName: address,
    HostKeyAlias: port === 22 ? bareHost(host) : `[${bareHost(host)}]:${port}`,
    CheckHostIP: 'no',
    ProxyCommand: 'none',
    PermitLocalCommand: 'no',
    ClearAllForwardings: 'yes',
    ConnectTimeout: String(CONNECT_SECONDS),
    ServerAliveInterval: '10',
    ServerAliveCountMax: '3',
  };
  const words = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return ['ssh', '-F', '/dev/null', ...words].map(shellWord).join(' ');
}

const bareHost = (host: string): string => host.replace(/^\[|\]$/g, '');

/** ssh splits paths at spaces and replaces what follows a percent sign. */
const optionPath = (path: string): string => `"${path.replaceAll('%', '%%')}"`;

const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
