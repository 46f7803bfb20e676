import { readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ensureSshServer } from '../../bin/lib/test-clients.js';
import { withKeyFiles } from '../../src/source/key-files.js';
import { codeOf } from '../helpers/code-of.js';
import { aRepository, temporaryFolder } from '../helpers/git-repository.js';
import { anSshKeyFile } from '../helpers/signing.js';
import { fileIn, never, OPTIONS, RULES, someSources } from '../helpers/sources.js';
import { anSshServer } from '../helpers/ssh-server.js';

const NO_SERVER = 'OpenSSH is no server here, and only root can install it';
let sshd: string | undefined;

beforeAll(async () => {
  sshd = await ensureSshServer();
});

const credentialsOf = (keyFile: string, knownHostsFile: string) => ({
  privateKey: readFileSync(keyFile),
  knownHosts: readFileSync(knownHostsFile),
});

const keysIn = (dataDir: string): string[] => readdirSync(join(dataDir, 'source', 'keyrings'));

describe('credentials of one call', () => {
  test('let it in, and leave no file', async ({ skip }) => {
    if (sshd === undefined) return skip(NO_SERVER);
    const server = await anSshServer(sshd);
    const url = server.url(aRepository({ 'a.txt': 'over ssh' }));
    const credentials = credentialsOf(server.sshKeyFile, server.knownHostsFile);
    const sources = someSources();
    expect(await codeOf(sources.look(url))).toBe('SOURCE_UNAVAILABLE');
    const at = { repoUrl: url, branch: 'main', commit: '' };
    const { commit } = await sources.resolve(at, RULES, never(), credentials);
    expect(await codeOf(sources.take(url, commit))).toBe('SOURCE_UNAVAILABLE');
    const options = { ...OPTIONS, credentials };
    const { archive } = await sources.fetch(at, commit, options, () => undefined, never());
    expect(fileIn(archive, 'a.txt')).toBe('over ssh');
    expect(keysIn(sources.dataDir)).toEqual([]);
  });

  test('are used in place of those of the operator', async ({ skip }) => {
    if (sshd === undefined) return skip(NO_SERVER);
    const server = await anSshServer(sshd);
    const url = server.url(aRepository({ a: 'a' }));
    const credentials = credentialsOf(anSshKeyFile(), server.knownHostsFile);
    const sources = someSources(server);
    const at = { repoUrl: url, branch: 'main', commit: '' };
    const looked = sources.resolve(at, RULES, never(), credentials);
    expect(await codeOf(looked)).toBe('SOURCE_UNAVAILABLE');
    expect(keysIn(sources.dataDir)).toEqual([]);
  });
});

test('files of keys are for their owner alone, as ssh wants them, and gone when the work fails', async () => {
  const folder = temporaryFolder('keys');
  const credentials = {
    privateKey: Buffer.from('one\r\ntwo'),
    knownHosts: Buffer.from('host key'),
  };
  const failing = withKeyFiles(folder, { scheme: 'ssh' }, credentials, async (files) => {
    const { sshKeyFile = '', knownHostsFile = '' } = files;
    expect(readFileSync(sshKeyFile, 'utf8')).toBe('one\ntwo\n');
    expect(readFileSync(knownHostsFile, 'utf8')).toBe('host key\n');
    const modes = [dirname(sshKeyFile), sshKeyFile, knownHostsFile].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600]);
    throw new Error('the work failed');
  });
  await expect(failing).rejects.toThrow('the work failed');
  expect(readdirSync(folder)).toEqual([]);
});

test.each(['https', 'file'] as const)('no file is written for %s', async (scheme) => {
  const folder = temporaryFolder('keys');
  const credentials = { privateKey: Buffer.from('one') };
  const files = await withKeyFiles(folder, { scheme }, credentials, async (given) => {
    expect(readdirSync(folder)).toEqual([]);
    return given;
  });
  expect(files).toEqual({});
});
