import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './git-repository.js';
import type { TestRepository } from './git-repository.js';
import { GIT_HOST } from './git-server.js';
import { anSshKeyFile } from './signing.js';

/** A real OpenSSH server that lets one key in, stopped with the test. */
export interface SshServer {
  readonly port: number;
  /** Private key that it lets in. */
  readonly sshKeyFile: string;
  /** Says which key the host has. */
  readonly knownHostsFile: string;
  url(repository: TestRepository): string;
}

export async function anSshServer(sshd: string): Promise<SshServer> {
  const folder = temporaryFolder('sshd');
  const [hostKey, sshKeyFile] = [anSshKeyFile(), anSshKeyFile()];
  const port = await freePort();
  const authorized = join(folder, 'authorized_keys');
  writeFileSync(authorized, readFileSync(`${sshKeyFile}.pub`));
  const knownHostsFile = join(folder, 'known hosts');
  const [kind, key] = readFileSync(`${hostKey}.pub`, 'utf8').split(' ');
  writeFileSync(knownHostsFile, `[${GIT_HOST}]:${port} ${kind} ${key}\n`);
  const config = join(folder, 'sshd_config');
  writeFileSync(config, settings({ port, hostKey, authorized }));
  // As root, it puts each connection into this folder before it trusts it.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const child = spawn(sshd, ['-D', '-e', '-f', config], { stdio: 'ignore' });
  onTestFinished(() => void child.kill());
  await vi.waitFor(() => canConnect(port), { timeout: 30_000, interval: 50 });
  const user = userInfo().username;
  const url = ({ path }: TestRepository) => `ssh://${user}@${GIT_HOST}:${port}${path}`;
  return { port, sshKeyFile, knownHostsFile, url };
}

function settings(paths: { port: number; hostKey: string; authorized: string }): string {
  return [
    `Port ${paths.port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${paths.hostKey}`,
    `AuthorizedKeysFile ${paths.authorized}`,
    // The folder for temporary files is everybody's.
    'StrictModes no',
    'PidFile none',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
