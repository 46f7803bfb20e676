import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Signing } from './git-repository.js';
import { temporaryFolder } from './git-repository.js';

/** A key that signs commits, gone with the test. */
export interface SigningKey {
  /** To hand to `commit`. */
  readonly sign: Signing;
  /** Public key, as people write it into a policy. */
  readonly publicKey: string;
  readonly fingerprint: string;
}

type SshKeyType = 'ed25519' | 'ecdsa' | 'rsa';

/** Path of a new private key of SSH; the public one is beside it. */
export function anSshKeyFile(type: SshKeyType = 'ed25519'): string {
  const file = join(temporaryFolder('ssh'), 'key');
  run('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'ada@home', '-f', file]);
  return file;
}

/** A new SSH key. */
export function anSshKey(type: SshKeyType = 'ed25519'): SigningKey {
  const file = anSshKeyFile(type);
  const fingerprint = run('ssh-keygen', ['-l', '-f', `${file}.pub`]).split(' ')[1] ?? '';
  const config = { 'gpg.format': 'ssh', 'user.signingkey': file };
  return { sign: { config, env: {} }, publicKey: readFileSync(`${file}.pub`, 'utf8'), fingerprint };
}

export interface GpgKeyOptions {
  /** As gpg writes times, `20200101T000000`: the time it is for gpg, now when left out. */
  readonly at?: string;
  /** As gpg writes it: `2020-06-01`, or `never`. */
  readonly expires?: string;
}

export interface GpgKey extends SigningKey {
  /** Armored: what nobody should put into a policy. */
  privateKey(): string;
  /** Revokes it: then `publicKey` says so. */
  revoke(): GpgKey;
}

/** A new GPG key. */
export function aGpgKey({ at, expires = 'never' }: GpgKeyOptions = {}): GpgKey {
  const home = temporaryFolder('gpg');
  chmodSync(home, 0o700);
  if (at !== undefined) writeFileSync(join(home, 'gpg.conf'), `faked-system-time ${at}\n`);
  const gpg = (args: readonly string[], input = ''): string =>
    run('gpg', ['--homedir', home, '--batch', '--no-tty', '--quiet', ...args], input);
  onTestFinished(() => void run('gpgconf', ['--homedir', home, '--kill', 'all']));
  const secret = ['--passphrase', '', '--pinentry-mode', 'loopback'];
  const user = 'Ada Lovelace <ada@example.org>';
  gpg([...secret, '--quick-gen-key', user, 'ed25519', 'sign', expires]);
  const fingerprint = /^fpr:+([0-9A-F]+):/m.exec(gpg(['--with-colons', '--list-keys']))?.[1] ?? '';
  const sign = { config: { 'user.signingkey': `${fingerprint}!` }, env: { GNUPGHOME: home } };
  const key = (): GpgKey => ({
    ...{ sign, fingerprint, revoke, publicKey: gpg(['--armor', '--export']) },
    privateKey: () => gpg([...secret, '--armor', '--export-secret-keys']),
  });
  const revoke = (): GpgKey => {
    const file = join(home, 'openpgp-revocs.d', `${fingerprint}.rev`);
    // gpg puts a colon before it, so that nobody imports it by mistake.
    gpg(['--import'], readFileSync(file, 'utf8').replace(':-----BEGIN', '-----BEGIN'));
    return key();
  };
  return key();
}

function run(program: string, args: readonly string[], input = ''): string {
  return execFileSync(program, args, { encoding: 'utf8', input, stdio: 'pipe' });
}
