import { string } from '@oclif/core/flags';
import type { GitSettings } from '../settings.js';

/** How private repositories are fetched. */
export const gitFlags = {
  'git-ca': string({
    env: 'REGISTRAR_GIT_CA',
    helpGroup: 'GIT',
    helpValue: '<file>',
    summary: 'Authorities in PEM to trust for https repositories, in place of those of the system',
  }),
  'git-ssh-key': string({
    env: 'REGISTRAR_GIT_SSH_KEY',
    helpGroup: 'GIT',
    helpValue: '<file>',
    summary: 'Private key for ssh repositories, such as a deploy key',
  }),
  'git-known-hosts': string({
    env: 'REGISTRAR_GIT_KNOWN_HOSTS',
    helpGroup: 'GIT',
    helpValue: '<file>',
    summary: 'Keys of the hosts of ssh repositories; others are refused',
  }),
};

/** What these flags say. */
export function gitBy(flags: {
  'git-ca': string | undefined;
  'git-ssh-key': string | undefined;
  'git-known-hosts': string | undefined;
}): GitSettings {
  const { 'git-ca': caFile, 'git-ssh-key': sshKeyFile, 'git-known-hosts': knownHostsFile } = flags;
  return {
    ...(caFile !== undefined && { caFile }),
    ...(sshKeyFile !== undefined && { sshKeyFile }),
    ...(knownHostsFile !== undefined && { knownHostsFile }),
  };
}
