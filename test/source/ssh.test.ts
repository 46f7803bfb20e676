import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ensureSshServer } from '../../bin/lib/test-clients.js';
import { parseRepoUrl } from '../../src/source/repo-url.js';
import { sshCommand } from '../../src/source/ssh-command.js';
import { codeOf, messageOf } from '../helpers/code-of.js';
import { aRepository } from '../helpers/git-repository.js';
import { GIT_HOST } from '../helpers/git-server.js';
import { processesWith } from '../helpers/processes.js';
import { anSshKeyFile } from '../helpers/signing.js';
import { RULES, fileIn, someSources } from '../helpers/sources.js';
import { anSshServer } from '../helpers/ssh-server.js';

const NO_SERVER = 'OpenSSH is no server here, and only root can install it';
let sshd: string | undefined;

beforeAll(async () => {
  sshd = await ensureSshServer();
  if (sshd === undefined) console.info(NO_SERVER);
});

describe('a real server', () => {
  test('gives a branch and a commit to whoever has the key', async ({ skip }) => {
    if (sshd === undefined) return skip(NO_SERVER);
    const server = await anSshServer(sshd);
    const repository = aRepository({ 'a.txt': 'over ssh' });
    const sources = someSources(server);
    const { commit } = await sources.look(server.url(repository));
    const { archive } = await sources.take(server.url(repository), commit);
    expect(fileIn(archive, 'a.txt')).toBe('over ssh');
  });

  test('does not let another key in', async ({ skip }) => {
    if (sshd === undefined) return skip(NO_SERVER);
    const { knownHostsFile, ...server } = await anSshServer(sshd);
    const url = server.url(aRepository({ a: 'a' }));
    for (const key of [{ sshKeyFile: anSshKeyFile() }, {}]) {
      const looked = someSources({ knownHostsFile, ...key }).look(url);
      expect(await codeOf(looked)).toBe('SOURCE_UNAVAILABLE');
      expect(await messageOf(looked)).toContain('give the daemon an SSH key that may read it');
    }
  });

  test('is not believed when it has another key than is known', async ({ skip }) => {
    if (sshd === undefined) return skip(NO_SERVER);
    const { sshKeyFile, ...server } = await anSshServer(sshd);
    const other = await anSshServer(sshd);
    const url = server.url(aRepository({ a: 'a' }));
    for (const hosts of [{ knownHostsFile: other.knownHostsFile }, {}]) {
      const looked = someSources({ sshKeyFile, ...hosts }).look(url);
      expect(await codeOf(looked)).toBe('SOURCE_UNAVAILABLE');
      expect(await messageOf(looked)).toContain(
        'put the key of the host into the known hosts file',
      );
    }
  });

  test('has no such repository', async ({ skip }) => {
    if (sshd === undefined) return skip(NO_SERVER);
    const server = await anSshServer(sshd);
    const repository = aRepository({ a: 'a' });
    const looked = someSources(server).look(`${server.url(repository)}-other`);
    expect(await codeOf(looked)).toBe('SOURCE_NOT_FOUND');
  });
});

test('a server that takes the connection and never answers is left when it is cancelled', async () => {
  const connected = vi.fn<() => void>();
  const server = createServer(connected);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const repoUrl = `ssh://git@${GIT_HOST}:${port}/never`;
  const cancel = new AbortController();
  onTestFinished(() => cancel.abort());
  const location = { repoUrl, branch: 'main', commit: '' };
  const looked = messageOf(someSources().resolve(location, RULES, cancel.signal));
  await vi.waitFor(() => expect(connected).toHaveBeenCalled(), { timeout: 30_000 });
  cancel.abort();
  expect(await looked).toContain('it was cancelled');
  expect(processesWith(`[${GIT_HOST}]:${port}`)).toEqual([]);
});

describe('the command', () => {
  const commandFor = (url: string, files = {}): string =>
    sshCommand(parseRepoUrl(url, { schemes: ['ssh'] }), '192.0.2.7', files);

  test('connects to the checked address and believes the key of the name', () => {
    const command = commandFor('git@github.com:a/b');
    expect(command).toContain('-o HostName=192.0.2.7');
    expect(command).toContain('-o HostKeyAlias=github.com');
    expect(commandFor('ssh://git@h.example:2222/a')).toContain(
      `-o 'HostKeyAlias=[h.example]:2222'`,
    );
  });

  test('uses nothing of the account that runs it', () => {
    const command = commandFor('git@github.com:a/b');
    for (const option of ['-F /dev/null', 'IdentityFile=none', 'IdentityAgent=none']) {
      expect(command).toContain(option);
    }
    for (const option of ['BatchMode=yes', 'StrictHostKeyChecking=yes', 'ProxyCommand=none']) {
      expect(command).toContain(`-o ${option}`);
    }
  });

  test('takes paths as they are', () => {
    const command = commandFor('git@h:a', { sshKeyFile: `/my key's/100%/id` });
    expect(command).toContain(`-o 'IdentityFile="/my key'\\''s/100%%/id"'`);
  });
});
